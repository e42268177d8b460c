import { z } from 'zod';
import { isBankCode } from '../../domain/identifiers/bank-code.js';
import { parseYuan } from '../../domain/money.js';
import { isBlank } from '../../domain/plain-words.js';
import { isPrintable } from '../../domain/printable-text.js';
import { parseDate } from '../../domain/roc-date.js';

/** More rows than a screen or a loop needs at once; each further page costs the same by its cursor. */
const largestPage = 500;
const usualPage = 50;
/** Our cursors are a tenth of this; longer is not ours. */
const longestCursor = 1_024;

/** A rule of ours, with the code by which programs know it. */
export const rule = (code: string, message: string) => ({ message, params: { code } });

const printable = rule('unprintable-text', '不得含控制字元或看不見的排版符號 / must not hold control characters');

/** Words of a person, or nothing. Given only to be shown again: what cannot be shown is refused. */
export const wordsOrNone = (longest: number) => z.string().trim().max(longest).refine(isPrintable, printable);

export const words = (longest: number) => wordsOrNone(longest).min(1)
  .refine((text) => text === '' || !isBlank(text), rule('blank', '不得空白 / must not be blank'));

/** Random ids only ever appear in lower case; another spelling would be another stream. */
export const id = z.uuid().transform((text) => text.toLowerCase())
  .meta({ examples: ['6f1c7a52-3f0e-5d1b-9a55-2f6f0c1f8d11'] });

export const date = z.string()
  .refine((text) => parseDate(text) !== null,
    rule('date', '日期應如 108/05/10、1080510 或 2019-05-10 / must be a date as these'))
  .transform((text) => parseDate(text) ?? text)
  .meta({ description: '民國 or ISO date', examples: ['108/05/10'] });

/** Money in an address is digits, as money anywhere. */
export const yuanText = z.string()
  .refine((text) => parseYuan(text) !== null, rule('yuan', '應為 2^53 以下的整數元 / must be whole 元 below 2^53'))
  .transform((text) => parseYuan(text) ?? 0)
  .meta({ description: 'whole 元', examples: ['22860'] });

export const yuan = z.int().min(0).meta({ description: 'whole 元', examples: [22860] });

export const bankCode = z.string().refine(isBankCode, rule('bank-code', '應為 7 位數字 / must be 7 digits'))
  .meta({ examples: ['0040037'] });

const limit = z.string()
  .regex(/^[1-9]\d{0,2}$/, `應為 1 至 ${largestPage} 的整數 / must be a whole number, 1 to ${largestPage}`)
  .transform(Number).pipe(z.number().max(largestPage))
  .default(usualPage)
  .meta({ description: `rows per page, 1 to ${largestPage}` });
const cursor = z.string().min(1).max(longestCursor).optional()
  .meta({ description: '`next` of the page before, with the same filter and order' });
export const paging = { limit, cursor };

const waitFor = z.string().optional()
  .meta({ description: 'a `position` from a command\'s answer: read what was written, at most 5 s later' });

/** A query is closed: a misspelt filter would otherwise answer more than was asked for. */
export const query = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...shape, 'wait-for': waitFor });

/** `?x=a&x=b`, also when given once. */
export const repeatable = <Item extends z.ZodType>(item: Item, most: number) => z.preprocess(
  (given) => (given === undefined ? undefined : [given].flat()),
  z.array(item).min(1).max(most).optional(),
);

export const params = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape);

export const position = z.string().nullable()
  .meta({ description: 'where the fact stands; null when there was nothing to add', examples: ['40213'] });

export const done = z.object({ position }).meta({ id: 'Done' });

export const next = z.string().nullable().meta({ description: 'cursor of the next page; null on the last' });
