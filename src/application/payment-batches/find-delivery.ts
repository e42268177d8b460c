import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { BatchIntake, Delivery } from './batch-intake.js';
import { BATCH_INTAKE } from './batch-intake.js';

/** How far the work on a delivered file has come; before the verdict no fact tells of it, so no table can. */
export class FindDelivery extends Query<Delivery | null> {
  constructor(readonly asked: { readonly deliveryId: string } | { readonly batchId: string }) {
    super();
  }
}

@QueryHandler(FindDelivery)
export class FindDeliveryHandler implements IQueryHandler<FindDelivery> {
  constructor(@Inject(BATCH_INTAKE) private readonly intake: BatchIntake) {}

  execute({ asked }: FindDelivery): Promise<Delivery | null> {
    if ('deliveryId' in asked) return this.intake.delivery(asked.deliveryId);
    return this.intake.latestOf(asked.batchId);
  }
}
