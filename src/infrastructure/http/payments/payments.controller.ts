import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandContext, Principal } from '../../../application/command-context.js';
import type { EventLog } from '../../../application/event-log.js';
import { EVENT_LOG } from '../../../application/event-log.js';
import { CorrectPayment } from '../../../application/payments/correct-payment.js';
import { accountOfPayment } from '../../../application/payments/payment-account.js';
import { paymentIdOf } from '../../../application/stream-names.js';
import type { PaymentHistoryEntry } from '../../../projections/payment-timeline/find-payment-history.js';
import { FindPaymentHistory } from '../../../projections/payment-timeline/find-payment-history.js';
import type { PaymentView } from '../../../projections/reconciliation/find-payment.js';
import { FindPayment } from '../../../projections/reconciliation/find-payment.js';
import type { Viewer } from '../../../projections/viewer.js';
import { person, staff } from '../../../projections/viewer.js';
import { Access, Takes } from '../access.js';
import { AccountReadings } from '../account-readings.js';
import { Caller } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Reads } from '../own-writes.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type { CorrectionBody, PaymentAsked } from './payments.schemas.js';
import {
  correctionBody, historyQuery, paymentHistory, paymentParams, paymentQuery, paymentsFound,
} from './payments.schemas.js';

interface ById { readonly paymentId: string }
interface PaymentsFound { readonly payments: readonly PaymentView[] }
interface History { readonly paymentId: string; readonly entries: readonly PaymentHistoryEntry[] }

@ApiTags('payments')
@ApiBearerAuth()
@Controller('payments')
export class PaymentsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(AccountReadings) private readonly readings: AccountReadings,
  ) {}

  @Get()
  @Access('operator', 'auditor')
  @Reads('reconciliation')
  @ApiOperation({ summary: '以憑單編號查支付 / the payment of one exact key as it stands, to correct it by its id' })
  @ApiResponse({ status: 200, standardSchema: paymentsFound, description: 'one payment, or none' })
  async find(@Query({ schema: paymentQuery }) key: PaymentAsked): Promise<PaymentsFound> {
    const payment = await this.queries.execute(new FindPayment({ paymentId: paymentIdOf(key) }));
    return { payments: payment === null ? [] : [payment] };
  }

  @Get(':paymentId/history')
  @Access('payee', 'company-system', 'auditor')
  @Reads('payment_timeline', 'delegations')
  @ApiOperation({ summary: '支付歷程 / what happened to one payment, oldest first' })
  @ApiResponse({ status: 200, standardSchema: paymentHistory })
  @Refuses('payment/unknown')
  async history(
    @Caller() caller: Principal, @Param({ schema: paymentParams }) { paymentId }: ById,
    @Query({ schema: historyQuery }) _asked: object,
  ): Promise<History> {
    const viewer = await this.viewerOf(caller, paymentId);
    const accounts = viewer === staff ? 'shown' : 'left out';
    const history =
      viewer && await this.queries.execute(new FindPaymentHistory({ paymentId, accounts }, viewer));
    if (history === null) throw new Problem('payment/unknown');
    return { paymentId, entries: history.entries };
  }

  @Post(':paymentId/corrections')
  @Access('operator')
  @Takes('application/json')
  @ApiOperation({ summary: '更正 / put a recorded payment right, with the reason; identity and status stay' })
  @ApiResponse({ status: 201, standardSchema: done })
  @Refuses(
    'payment/unknown', 'payment/invalid-amount', 'payment/invalid-account-number',
    'payment/unknown-bank-code', 'payment/date-before-previous-status', 'command/id-reused',
  )
  async correct(
    @Context() context: CommandContext, @Param({ schema: paymentParams }) { paymentId }: ById,
    @Body({ schema: correctionBody }) { correction, reason }: CorrectionBody,
  ): Promise<Done> {
    return settled(await this.gateway.send(new CorrectPayment(context, paymentId, correction, reason)));
  }

  /** An auditor reads all; others what went to an account that they may read at this moment. */
  private async viewerOf(caller: Principal, paymentId: string): Promise<Viewer | null> {
    if (caller.roles.includes('auditor')) return staff;
    const key = await accountOfPayment(this.log, paymentId);
    if (key === null) return null;
    const account = await this.readings.withKey(caller, key, 'payment-history');
    return account === null ? null : person({ paymentId });
  }
}
