import { z } from 'zod';
import {
  bankCodeStates, changeReasons,
} from '../../../projections/bank-directory/bank-directory.projection.js';
import { bankCode, date, next, paging, query, words } from '../schemas.js';
import { textEncodings } from './bank-code-text.js';

const longestName = 100;

/** NSS901R's filters; none of them is required. */
export const bankCodesQuery = query({
  code: z.string().regex(/^\d{1,7}$/, '應為 1 至 7 位數字 / must be 1 to 7 digits').optional()
    .meta({ description: '金融機構代號, or how it begins: 3 digits are all of a bank', examples: ['004'] }),
  name: words(longestName).optional().meta({ description: '金融機構名稱, a part of it' }),
  from: date.optional().meta({ description: '異動起日' }),
  to: date.optional().meta({ description: '異動訖日' }),
  state: z.enum(bankCodeStates).optional().meta({ description: '金融機構狀態' }),
  ...paging,
});
export type BankCodesAsked = z.output<typeof bankCodesQuery>;

export const bankCodesAnswer = z.object({
  bankCodes: z.array(z.object({
    code: bankCode, name: z.string().meta({ description: '金融機構名稱', examples: ['臺灣銀行營業部'] }),
    bank: z.string().meta({ description: 'the 3-digit group' }), bankName: z.string().nullable(),
    openedOn: z.string().meta({ description: '上線日, ISO' }),
    changedOn: z.string().meta({ description: '最近異動日, ISO' }),
    changeReason: z.enum(changeReasons).meta({ description: '異動原因' }), state: z.enum(bankCodeStates),
  })),
  next,
}).meta({ id: 'BankCodes' });

export const downloadQuery = query({
  encoding: z.enum(textEncodings).default('big5'),
});

export const listQuery = query({
  effectiveDate: date.optional().meta({ description: '生效日; today in Taipei when left out' }),
  confirmClosures: z.string().regex(/^\d{1,5}$/, '應為 1 至 5 位數字 / must be 1 to 5 digits').transform(Number).optional()
    .meta({ description: 'closures that are meant, where a list looks cut off: the number in the refusal' }),
});
export type ListAsked = z.output<typeof listQuery>;

const count = z.int().min(0);
export const listReport = z.object({
  added: count.meta({ description: '上線' }), renamed: count.meta({ description: '更名' }),
  closed: count.meta({ description: '停用' }), reopened: count.meta({ description: '恢復' }),
  warnings: z.array(z.object({ line: z.int(), code: z.string(), bankCode })),
  position: z.string().nullable(),
}).meta({ id: 'BankCodeListReport' });
export type ListReport = z.output<typeof listReport>;
