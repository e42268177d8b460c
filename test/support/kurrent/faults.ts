/** What may go wrong with one request; `before` and `after` mean: before or after the server did what it was asked. */
export type FaultKind =
  /** The TCP connection breaks. */
  | 'cut-before' | 'cut-after'
  /** No answer ever comes. */
  | 'hang-before' | 'hang-after'
  /** The server answers that the operation timed out, as it does when its cluster does not acknowledge in time. */
  | 'time-out-before' | 'time-out-after'
  | 'not-leader' | 'busy' | 'denied'
  /** The server ends a subscription by itself. */
  | 'drop';

export interface Fault {
  readonly on: 'append' | 'read' | 'subscription';
  readonly kind: FaultKind;
  /** Of the stream read or written; a subscription is to `$all`. */
  readonly stream?: RegExp;
  /** Events of a read or a subscription that still get through. */
  readonly afterEvents?: number;
}

/** Faults waiting for their request: each strikes once. */
export class Faults {
  #armed: Fault[] = [];
  struck = 0;

  arm(...faults: readonly Fault[]): void {
    this.#armed.push(...faults);
  }

  take(on: Fault['on'], stream: string): Fault | undefined {
    const fault = this.#armed.find((armed) => armed.on === on && (armed.stream?.test(stream) ?? true));
    if (!fault) return undefined;
    this.#armed = this.#armed.filter((armed) => armed !== fault);
    this.struck++;
    return fault;
  }
}
