import type { LoggerService } from '@nestjs/common';
import type { DestinationStream, LevelWithSilent, Logger } from 'pino';
import { pino } from 'pino';

export const LOGGER = Symbol('Logger');

/** One line of JSON per event, to standard output or wherever told. */
export function createLogger(level: LevelWithSilent, destination?: DestinationStream): Logger {
  const serializers = { err: describeError, error: describeError };
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Errors of ours whose messages name places and never values. */
const messagesWithoutValues = new Set(['UnreadableFact', 'FoldFailed', 'UnsealingFailed', 'SubjectErased']);

/**
 * Name, code and stack say what happened and where. Other messages are left out: databases and parsers put
 * what they choked on into theirs, and that may be somebody's name.
 */
export function describeError(thrown: unknown): object {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const { name, message } = thrown;
  const { code, syscall, cause } = thrown as { code?: unknown; syscall?: unknown; cause?: unknown };
  const told = messagesWithoutValues.has(name) ? { message } : {};
  return { name, code, syscall, ...told, ...causeOf(cause), stack: framesOf(thrown.stack) };
}

/** Of "busy" it tells whether a lock took too long or the disk is full. */
function causeOf(cause: unknown): object {
  if (!(cause instanceof Error)) return {};
  return { cause: { name: cause.name, code: (cause as { code?: unknown }).code } };
}

/** A stack's first lines repeat the message. */
const framesOf = (stack: unknown): string =>
  String(stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).join('\n');

/** The framework's own messages in the same shape; its start-up chatter, a line per route, is debug. */
export class FrameworkLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(_message: unknown, stack?: unknown, context?: string): void {
    this.logger.error({ context, stack: framesOf(stack) }, 'the framework reports an error');
  }
}
