import { Inject, Injectable } from '@nestjs/common';
import type { Command } from '@nestjs/cqrs';
import { CommandBus } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import type { CommandContext } from '../../application/command-context.js';
import type { Outcome } from '../../application/handle.js';
import { mayGive } from '../../application/commands.js';
import { LOGGER } from '../logging.js';
import { Problem } from './problem.js';
import type { RefusalCode } from './refusals.js';

type Sent<Result> = Command<Result> & { readonly context: CommandContext };

/** Where requests become commands: asks once more who may, and logs what came of it, never what was in it. */
@Injectable()
export class CommandGateway {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async send<Result>(command: Sent<Result>): Promise<Result> {
    const { principal, commandId, correlationId } = command.context;
    const name = command.constructor.name;
    if (!mayGive(command.constructor, principal.roles)) throw new Problem('http/forbidden');
    const result = await this.commands.execute(command);
    const told = tellable(result);
    this.log.info({ command: name, commandId, by: principal.id, correlationId, ...told }, 'command');
    return result;
  }
}

/** What an outcome may show in a log: its kind, its code, and where the fact stands. */
function tellable(result: unknown): object {
  if (typeof result !== 'object' || result === null) return {};
  const { outcome, code, position, replayed } = result as Record<string, unknown>;
  return { outcome, code, position, replayed };
}

export interface Done { readonly position: string | null }

/** What was done, or the end of the request: a refusal with its code, or "unknown", to be retried. */
export function doneOf<Settling extends Outcome<RefusalCode>>(
  outcome: Settling,
): Extract<Settling, { outcome: 'done' }> {
  switch (outcome.outcome) {
    case 'done': return outcome as Extract<Settling, { outcome: 'done' }>;
    case 'refused': throw new Problem(outcome.code);
    case 'unknown': throw new Problem('command/unknown-outcome', { headers: { 'retry-after': '1' } });
  }
}

/** The same, for what tells its position alone. */
export const settled = (outcome: Outcome<RefusalCode>): Done => ({ position: doneOf(outcome).position });
