import type { LoggerService } from '@nestjs/common';
import type { DestinationStream, Logger, LevelWithSilent } from 'pino';
import { pino } from 'pino';

export const LOGGER = Symbol('Logger');

/** One line of JSON per event, to standard output or wherever told. */
export function createLogger(level: LevelWithSilent, destination?: DestinationStream): Logger {
  const options = { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * The framework's own messages, in the same shape. Its start-up chatter, one line per route, is debug here.
 */
export class FrameworkLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack: typeof stack === 'string' ? stack : undefined }, String(message));
  }
}
