import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '../command-context.js';
import type { BatchCharset, BatchIntake, Delivery } from './batch-intake.js';
import { BATCH_INTAKE } from './batch-intake.js';

export interface DeliveredFile {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly charset: BatchCharset;
  /** How long the answer may wait for the outcome. */
  readonly waitMs: number;
}
/** See `delivery.phase` whether it is finished, and `delivery.outcome` for what it came to. */
export interface DeliverOutcome { readonly outcome: 'delivered'; readonly delivery: Delivery }

/**
 * Hands in a batch file. What identifies it is its own content: the same file again adds nothing whatever the
 * command's id, so a repeated request needs no receipt of its own.
 */
export class DeliverPaymentBatch extends Command<DeliverOutcome> {
  constructor(readonly context: CommandContext, readonly file: DeliveredFile) {
    super();
  }
}

@CommandHandler(DeliverPaymentBatch)
export class DeliverPaymentBatchHandler implements ICommandHandler<DeliverPaymentBatch> {
  constructor(@Inject(BATCH_INTAKE) private readonly intake: BatchIntake) {}

  async execute({ context, file }: DeliverPaymentBatch): Promise<DeliverOutcome> {
    const { principal, correlationId } = context;
    const received = await this.intake.receive(file.bytes, {
      charset: file.charset, deliveredBy: principal.id, correlationId,
    });
    const delivery = await this.intake.waitForOutcome(received.deliveryId, file.waitMs);
    if (!delivery) throw new Error('a received delivery is gone');
    return { outcome: 'delivered', delivery };
  }
}
