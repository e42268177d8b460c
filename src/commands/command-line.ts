import { relative, resolve } from 'node:path';
import type { ParseArgsConfig } from 'node:util';
import { parseArgs } from 'node:util';

export type Values = Readonly<Record<string, string | boolean | undefined>>;

export interface CommandLine {
  /** Printed for --help, and after a mistake: what it does, how it is called, what its options mean. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** Answers the exit code: 0 done, 1 the answer is no. */
  run(values: Values, names: readonly string[], signal: AbortSignal): Promise<number>;
}

/** The caller's mistake: told with the help, exit code 2. */
export class WrongUse extends Error {}

/** Ends with the exit code instead of ending the process: what is still open gets closed. */
export async function runCommandLine({ help, options, run }: CommandLine): Promise<void> {
  const interrupted = new AbortController();
  // Once asks to stop; whoever asks twice does not want to wait.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => { interrupted.abort(); });
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true, strict: true,
    });
    if (values.help === true) console.log(help);
    else process.exitCode = await run(values as Values, positionals, interrupted.signal);
  } catch (error) {
    process.exitCode = interrupted.signal.aborted ? 130 : tell(error, help);
  }
}

function tell(error: unknown, help: string): number {
  if (!(error instanceof Error)) throw error;
  const unparsed = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const misused = error instanceof WrongUse || unparsed;
  const wrong = unparsed ? `參數有誤。 ${error.message.split('. ')[0]}.` : error.message;
  console.error(misused ? `${wrong}\n\n${help}` : `${error.message}${causeOf(error)}`);
  return misused ? 2 : 1;
}

/** fetch() keeps what really happened in the cause, or in the cause of the cause. */
function causeOf({ cause }: Error): string {
  return cause instanceof Error ? ` (${cause.message})${causeOf(cause)}` : '';
}

/**
 * Files are named from where the person stands, who need not stand at the project's root, as npm makes us do.
 */
export const fromWhereCalled = (file: string): string => resolve(process.env.INIT_CWD ?? '.', file);
export const asSeenByCaller = (file: string): string => relative(process.env.INIT_CWD ?? '.', resolve(file));
