import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor } from '../cursor.js';
import { nameContains } from '../name-contains.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { anybody } from '../viewer.js';
import type { BankCodeState, BankDirectoryRow } from './bank-directory.projection.js';

/** NSS901R's filters; none of them is required. */
export interface BankCodesQuestion {
  /** 金融機構代號, or how it begins: three digits are all of a bank. */
  readonly code?: string;
  /** Part of 金融機構名稱. */
  readonly name?: string;
  /** 異動起訖日 over 最近異動日, ISO; bounds count in. */
  readonly from?: string;
  readonly to?: string;
  readonly state?: BankCodeState;
  readonly limit: number;
  readonly cursor?: string;
}

export interface BankCodeView {
  readonly code: string;
  readonly name: string;
  /** The 3-digit group and what it is called: the group line of NSS901R. */
  readonly bank: string;
  readonly bankName: string | null;
  readonly openedOn: string;
  readonly changedOn: string;
  readonly changeReason: BankDirectoryRow['change_reason'];
  readonly state: BankCodeState;
}
export interface BankCodePage { readonly bankCodes: readonly BankCodeView[]; readonly next: string | null }

/** By code, so a bank's branches stand together. A malformed cursor answers null. */
export class FindBankCodes extends Query<BankCodePage | null> {
  constructor(readonly asked: BankCodesQuestion) { super(); }
}

const sql = `
  SELECT c.code, c.name, c.bank, b.name AS "bankName", c.opened_on AS "openedOn", c.changed_on AS "changedOn",
    c.change_reason AS "changeReason", c.state
  FROM read.bank_directory AS c
  LEFT JOIN read.bank_directory AS b ON b.code = c.bank
  WHERE length(c.code) = 7
    AND ($1::text IS NULL OR starts_with(c.code, $1::text))
    AND ($2::text IS NULL OR ${nameContains('c.name', '$2::text')})
    AND ($3::date IS NULL OR c.changed_on >= $3::date)
    AND ($4::date IS NULL OR c.changed_on <= $4::date)
    AND ($5::text IS NULL OR c.state = $5::text)
    AND c.code > $6::text
  ORDER BY c.code
  LIMIT $7::integer + 1`;

@QueryHandler(FindBankCodes)
export class FindBankCodesHandler implements IQueryHandler<FindBankCodes> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked }: FindBankCodes): Promise<BankCodePage | null> {
    const after = asked.cursor === undefined ? '' : codeOf(asked.cursor);
    if (after === null) return null;
    const { code = null, name = null, from = null, to = null, state = null, limit } = asked;
    const parameters = [code, name, from, to, state, after, limit];
    const rows = await this.store.query<BankCodeView>(anybody, sql, parameters);
    const bankCodes = rows.slice(0, limit);
    const last = rows.length > limit ? bankCodes.at(-1) : undefined;
    return { bankCodes, next: last ? encodeCursor([last.code]) : null };
  }
}

function codeOf(cursor: string): string | null {
  const [code] = decodeCursor(cursor) ?? [];
  return typeof code === 'string' && /^\d{7}$/.test(code) ? code : null;
}
