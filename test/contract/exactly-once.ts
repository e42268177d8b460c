export interface Numbered {
  readonly position: string;
  readonly writer: number;
  readonly number: number;
}

export interface Findings {
  seen: number;
  /** Jumps in a writer's own numbering: events the reader went past. */
  skipped: number;
  /** Events delivered again, or after a later one of the same writer. */
  repeatedOrLate: number;
  /** Positions that do not follow the one before by exactly one. */
  gaps: number;
}

/** Every event of every writer exactly once, in the order it was written, at positions without gaps. */
export async function checkExactlyOnce(
  tail: AsyncIterable<Numbered>, writers: number, eventsPerWriter: number,
): Promise<Findings> {
  const next = Array<number>(writers).fill(0);
  const findings: Findings = { seen: 0, skipped: 0, repeatedOrLate: 0, gaps: 0 };
  let position = 0n;
  for await (const event of tail) {
    const expected = next[event.writer] ?? 0;
    findings.seen++;
    if (event.number < expected) findings.repeatedOrLate++;
    if (event.number > expected) findings.skipped += event.number - expected;
    if (BigInt(event.position) !== position + 1n) findings.gaps++;
    next[event.writer] = Math.max(expected, event.number + 1);
    position = BigInt(event.position);
  }
  for (const reached of next) findings.skipped += eventsPerWriter - reached;
  return findings;
}
