import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { compactRocDate, taipeiDate } from '../../../domain/roc-date.js';
import type { BankCodePage } from '../../../projections/bank-directory/find-bank-codes.js';
import { FindBankCodes } from '../../../projections/bank-directory/find-bank-codes.js';
import { ListOnlineBankCodes } from '../../../projections/bank-directory/list-online-bank-codes.js';
import { Access } from '../access.js';
import { Etagged } from '../etags.js';
import { Reads } from '../own-writes.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import type { TextEncoding } from './bank-code-text.js';
import { bankCodeText } from './bank-code-text.js';
import type { BankCodesAsked } from './bank-codes.schemas.js';
import { bankCodesAnswer, bankCodesQuery, downloadQuery } from './bank-codes.schemas.js';

@ApiTags('bank-codes')
@Controller('bank-codes')
export class BankCodesController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @Access('anyone')
  @Etagged()
  @Reads('bank_directory')
  @ApiOperation({ summary: 'NSS901R 金融機構代碼查詢 / bank codes, by code' })
  @ApiResponse({ status: 200, standardSchema: bankCodesAnswer })
  @Refuses('http/invalid-input', 'http/invalid-cursor')
  async find(@Query({ schema: bankCodesQuery }) asked: BankCodesAsked): Promise<BankCodePage> {
    const { 'wait-for': _waited, ...question } = asked;
    const page = await this.queries.execute(new FindBankCodes(question));
    if (page === null) throw new Problem('http/invalid-cursor');
    return page;
  }

  @Get('download')
  @Access('anyone')
  @Etagged()
  @Reads('bank_directory')
  @ApiOperation({ summary: '下載 BANK_yyyMMdd.txt / every code that is 上線, as fixed-width text' })
  @ApiResponse({ status: 200, content: { 'text/plain': { schema: { type: 'string' } } } })
  async download(
    @Query({ schema: downloadQuery }) { encoding }: { encoding: TextEncoding },
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const codes = await this.queries.execute(new ListOnlineBankCodes());
    const today = compactRocDate(taipeiDate(new Date().toISOString()));
    reply.header('content-type', `text/plain; charset=${encoding}`);
    reply.header('content-disposition', `attachment; filename="BANK_${today}.txt"`);
    return bankCodeText(codes, encoding);
  }
}
