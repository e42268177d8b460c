/**
 * The same seed gives the same sequence on every machine and in every version of Node: whole numbers of 32
 * bits only. (Splitmix over a counter; good enough to look like life, worthless for secrets.)
 */
export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ n < 2^32. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** 0 ≤ n < limit. */
  below(limit: number): number {
    return this.next() % limit;
  }

  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** True in `share` of a thousand cases. */
  perMille(share: number): boolean {
    return this.below(1_000) < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }

  digits(count: number): string {
    let text = '';
    while (text.length < count) text += String(this.below(10));
    return text;
  }
}
