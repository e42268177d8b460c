import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Operations } from '../../operations/operations.js';
import { OPERATIONS } from '../../operations/operations.js';
import { Access } from '../access.js';
import type { OperationsAnswer } from './operations-answers.js';
import { answerOf, operationsAnswer, operationsQuery } from './operations-answers.js';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('operations')
export class OperationsController {
  constructor(@Inject(OPERATIONS) private readonly operations: Operations) {}

  @Get()
  @Access('operator', 'auditor')
  @ApiOperation({ summary: '系統狀態 / tables with their lag, rebuilds, stopped projections, files that wait' })
  @ApiResponse({ status: 200, standardSchema: operationsAnswer })
  async status(@Query({ schema: operationsQuery }) _asked: object): Promise<OperationsAnswer> {
    return answerOf(await this.operations.report());
  }
}
