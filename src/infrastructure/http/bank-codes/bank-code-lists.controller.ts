import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandContext } from '../../../application/command-context.js';
import { ImportBankCodeList } from '../../../application/bank-codes/import-bank-code-list.js';
import { Access, Takes } from '../access.js';
import type { UploadedCsv } from '../body-parsers.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { HTTP_LIMITS, type HttpLimits } from '../limits.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { charsetOf, wholeFile, withContent } from '../uploads.js';
import type { ListAsked, ListReport } from './bank-codes.schemas.js';
import { listQuery, listReport } from './bank-codes.schemas.js';

@ApiTags('bank-codes')
@ApiBearerAuth()
@Controller('bank-code-lists')
export class BankCodeListsController {
  constructor(
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(HTTP_LIMITS) private readonly limits: HttpLimits,
  ) {}

  @Post()
  @HttpCode(200)
  @Access('operator')
  @Takes('text/csv')
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string', description: '總分支機構位置 as FISC publishes it, UTF-8 or Big5' } })
  @ApiOperation({ summary: '匯入金融機構代號 / import a list as a diff; nothing is ever deleted' })
  @ApiResponse({ status: 200, standardSchema: listReport })
  @Refuses(
    'bank-codes/wrong-header', 'bank-codes/truncated', 'bank-codes/older-list',
    'bank-codes/not-in-force-yet', 'bank-codes/suspected-truncation', 'command/id-reused',
  )
  async import(
    @Context() context: CommandContext, @Query({ schema: listQuery }) asked: ListAsked,
    @Body() upload: UploadedCsv,
  ): Promise<ListReport> {
    const charset = charsetOf(upload);
    const file = await wholeFile(upload.bytes, this.limits.listBytes);
    const { effectiveDate, confirmClosures } = asked;
    const outcome = await this.gateway.send(
      new ImportBankCodeList(withContent(context, file), { file, charset, effectiveDate, confirmClosures }));
    if (outcome.outcome === 'refused' && outcome.line !== undefined) {
      throw new Problem(outcome.code, { errors: [{ line: outcome.line, code: outcome.code }] });
    }
    if (outcome.outcome === 'refused' && outcome.confirmClosures !== undefined) {
      throw new Problem(outcome.code, { extensions: { confirmClosures: outcome.confirmClosures } });
    }
    const { position } = settled(outcome);
    if (!outcome.report) throw new Error('an import that was done has a report');
    return { ...outcome.report, warnings: [...outcome.report.warnings], position };
  }
}
