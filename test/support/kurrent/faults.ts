/**
 * What may go wrong with one request; `before` and `after` mean: before or after the server did what it was
 * asked.
 */
export type FaultKind =
  /** The TCP connection breaks. */
  | 'cut-before' | 'cut-after'
  /** No answer ever comes. */
  | 'hang-before' | 'hang-after'
  /**
   * The server answers that the operation timed out, as it does when its cluster does not acknowledge in
   * time.
   */
  | 'time-out-before' | 'time-out-after'
  | 'busy' | 'denied'
  /** The server ends a subscription by itself. */
  | 'drop'
  /** Nothing: see `meanwhile`. */
  | 'none';

export interface Fault {
  readonly on: 'append' | 'read' | 'subscription';
  readonly kind: FaultKind;
  /** Of the stream read or written; a subscription is to `$all`. */
  readonly stream?: RegExp;
  /**
   * Done by somebody else right before the request is dealt with, which then takes its course if that is all.
   */
  readonly meanwhile?: () => void;
  /** Events of a read or a subscription that still get through. */
  readonly afterEvents?: number;
}

/** A place where every so many requests one goes wrong, each kind in its turn. */
export interface Plague extends Pick<Fault, 'on' | 'stream'> {
  readonly every: number;
  readonly kinds: readonly FaultKind[];
}

/** Faults waiting for their request: each strikes once. Plagues strike until they are ended. */
export class Faults {
  #armed: Fault[] = [];
  #plagues: { readonly plague: Plague; requests: number }[] = [];
  struck = 0;

  arm(...faults: readonly Fault[]): void {
    this.#armed.push(...faults);
  }

  begin(plagues: readonly Plague[]): void {
    this.#plagues = plagues.map((plague) => ({ plague, requests: 0 }));
  }

  end(): void {
    this.#plagues = [];
  }

  take(on: Fault['on'], stream: string): Fault | undefined {
    const fault = this.#armed.find((armed) => concerns(armed, on, stream));
    this.#armed = this.#armed.filter((armed) => armed !== fault);
    const struck = fault ?? this.#plagued(on, stream);
    if (struck) this.struck++;
    struck?.meanwhile?.();
    return struck;
  }

  #plagued(on: Fault['on'], stream: string): Fault | undefined {
    const found = this.#plagues.find(({ plague }) => concerns(plague, on, stream));
    if (!found || ++found.requests % found.plague.every !== 0) return undefined;
    const { kinds, every } = found.plague;
    const kind = kinds[(found.requests / every) % kinds.length];
    return kind && { on, kind };
  }
}

const concerns = (fault: Pick<Fault, 'on' | 'stream'>, on: Fault['on'], stream: string): boolean =>
  fault.on === on && (fault.stream?.test(stream) ?? true);
