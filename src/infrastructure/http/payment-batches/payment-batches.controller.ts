import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth, ApiBody, ApiConsumes, ApiExtension, ApiHeader, ApiOperation, ApiResponse, ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { CommandContext } from '../../../application/command-context.js';
import type { Delivery, DeliveryOutcome } from '../../../application/payment-batches/batch-intake.js';
import { DeliverPaymentBatch } from '../../../application/payment-batches/deliver-payment-batch.js';
import { FindDelivery } from '../../../application/payment-batches/find-delivery.js';
import type { BatchPage } from '../../../projections/payment-batches/find-batches.js';
import { FindBatch } from '../../../projections/payment-batches/find-batch.js';
import { FindBatches } from '../../../projections/payment-batches/find-batches.js';
import { Access, Takes } from '../access.js';
import type { UploadedCsv } from '../body-parsers.js';
import { CommandGateway } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { apiPrefix } from '../openapi-paths.js';
import { Reads } from '../own-writes.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { charsetOf } from '../uploads.js';
import type { BatchAnswer, BatchesAsked, DeliveryAnswer } from './batch-answers.js';
import {
  batchAnswer, batchesAnswer, batchesQuery, batchOf, batchParams, batchQuery, deliveredAnswer, deliveredOf,
  deliveryAnswer, deliveryOf, deliveryParams, lineErrors, progressAnswer, progressOf,
} from './batch-answers.js';
import { waitOf } from './prefer-wait.js';

type Refused = Extract<DeliveryOutcome, { kind: 'refused' }>;
const path = `/${apiPrefix}/payment-batches`;

@ApiTags('payment-batches')
@ApiBearerAuth()
@Controller('payment-batches')
export class PaymentBatchesController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
  ) {}

  @Post()
  @Access('operator', 'delivery-system')
  @Takes('text/csv')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', description: 'records H, P, I, S, T; UTF-8 or charset=big5' } })
  @ApiHeader({
    name: 'Prefer', required: false, description: 'wait=N: seconds to wait for the outcome; 10, at most 30',
  })
  @ApiExtension('x-keyed-by-content', true)
  @ApiOperation({
    summary: 'NSS110E 送交支付批次 / deliver a batch; recorded as a whole or not at all',
    description: 'Takes no Idempotency-Key: batch id and content are the key. The same file again adds '
      + 'nothing and is answered 200; another file under an accepted id is refused.',
  })
  @ApiResponse({ status: 201, standardSchema: deliveredAnswer, description: 'recorded' })
  @ApiResponse({ status: 200, standardSchema: deliveredAnswer, description: 'recorded before' })
  @ApiResponse({ status: 202, standardSchema: progressAnswer, description: 'still working: see Location' })
  @Refuses('batch/refused', 'batch/too-many-uploads', 'http/unsupported-charset')
  async deliver(
    @Context() context: CommandContext, @Headers('prefer') prefer: string | undefined,
    @Body() upload: UploadedCsv, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const file = { bytes: upload.bytes, charset: charsetOf(upload), waitMs: waitOf(prefer) };
    const { delivery } = await this.gateway.send(new DeliverPaymentBatch(context, file));
    return answerOf(delivery, reply);
  }

  @Get()
  @Access('operator', 'delivery-system', 'auditor')
  @Reads('payment_batches')
  @ApiOperation({ summary: '批次清單 / delivered files and their verdicts, the latest first' })
  @ApiResponse({ status: 200, standardSchema: batchesAnswer })
  @Refuses('http/invalid-cursor')
  async list(@Query({ schema: batchesQuery }) { limit, cursor }: BatchesAsked): Promise<BatchPage> {
    const page = await this.queries.execute(new FindBatches({ limit, cursor }));
    if (page === null) throw new Problem('http/invalid-cursor');
    return page;
  }

  @Get('deliveries/:deliveryId')
  @Access('operator', 'delivery-system', 'auditor')
  @ApiOperation({ summary: '處理進度 / how far the work on one delivered file has come, and its errors' })
  @ApiResponse({ status: 200, standardSchema: deliveryAnswer })
  @Refuses('batch/unknown')
  async delivery(
    @Param({ schema: deliveryParams }) { deliveryId }: { deliveryId: string },
    @Query({ schema: batchQuery }) _asked: object,
  ): Promise<DeliveryAnswer> {
    const delivery = await this.queries.execute(new FindDelivery({ deliveryId }));
    if (delivery === null) throw new Problem('batch/unknown');
    return deliveryOf(delivery);
  }

  @Get(':batchId')
  @Access('operator', 'delivery-system', 'auditor')
  @Reads('payment_batches')
  @ApiOperation({ summary: '批次結果 / progress and result of one batch, with the errors of its lines' })
  @ApiResponse({ status: 200, standardSchema: batchAnswer })
  @Refuses('batch/unknown')
  async one(
    @Param({ schema: batchParams }) { batchId }: { batchId: string },
    @Query({ schema: batchQuery }) _asked: object,
  ): Promise<BatchAnswer> {
    const delivery = await this.queries.execute(new FindDelivery({ batchId }));
    const answer = batchOf(await this.queries.execute(new FindBatch({ batchId })), delivery);
    if (answer === null) throw new Problem('batch/unknown');
    return answer;
  }
}

function answerOf(delivery: Delivery, reply: FastifyReply): object {
  const { outcome } = delivery;
  if (outcome === null) {
    reply.status(202).header('location', `${path}/deliveries/${delivery.deliveryId}`);
    return progressOf(delivery);
  }
  if (outcome.kind === 'refused') throw refusedFile(outcome);
  reply.status(outcome.alreadyRecorded ? 200 : 201).header('location', `${path}/${outcome.batchId}`);
  return deliveredOf(outcome);
}

function refusedFile({ batchId, errorCount, errors, position }: Refused): Problem {
  const extensions = { batchId, errorCount, position };
  return new Problem('batch/refused', { errors: lineErrors(errors), extensions });
}
