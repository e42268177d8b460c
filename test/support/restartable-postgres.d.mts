export interface RestartablePostgres {
  readonly url: string;
  /**
   * `fast` ends every session and shuts down cleanly; `crash` is SIGKILL, recovered from at the start after
   * it.
   */
  restart(how: 'fast' | 'crash'): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL of the caller's own, in a process of its own, until `stop` or the caller's end. */
export function startRestartablePostgres(environment?: Readonly<Record<string, string>>): Promise<RestartablePostgres>;
