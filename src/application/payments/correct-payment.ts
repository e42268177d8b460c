import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { PaymentCorrection } from '../../domain/payments/payment.events.js';
import type { PaymentRefusal } from '../../domain/payments/payment.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { BankCodeStates } from '../accounts/bank-code-states.js';
import { BANK_CODE_STATES } from '../accounts/bank-code-states.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { paymentStream } from '../stream-names.js';

export class CorrectPayment extends Command<Outcome<PaymentRefusal>> {
  constructor(
    readonly context: CommandContext,
    readonly paymentId: string,
    readonly correction: PaymentCorrection,
    readonly reason: string,
  ) {
    super();
  }
}

@CommandHandler(CorrectPayment)
export class CorrectPaymentHandler implements ICommandHandler<CorrectPayment> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(BANK_CODE_STATES) private readonly bankCodes: BankCodeStates,
  ) {}

  async execute(asked: CorrectPayment): Promise<Outcome<PaymentRefusal>> {
    const { context, paymentId, correction, reason } = asked;
    const { principal: { id: by }, at } = context;
    const { bankCode } = correction;
    const bank = bankCode === undefined ? null : await this.bankCodes.stateOf(bankCode);
    return handle(this.log, paymentDecider, paymentStream(paymentId), {
      command: { type: 'CorrectPayment', paymentId, correction, bank, reason, by, at },
      meta: appendMeta(context),
    });
  }
}
