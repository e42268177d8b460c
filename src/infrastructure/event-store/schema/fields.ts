import { z } from 'zod';

/**
 * The words in which schemas are written. Every string has a limit, and each is at or above the rule book's
 * own: a rule may be tightened or eased there without touching what was ever stored.
 */

/**
 * No control characters, no halves of surrogate pairs: some of them PostgreSQL cannot hold in a text column,
 * and one such fact would stop every projection that shows it.
 */
const storableText = /^[^\p{Cc}\p{Cs}]*$/u;
const text = (max: number) => z.string().max(max).regex(storableText);

/** Agency code, voucher, sequence and receipt numbers: opaque; seen with up to 12 characters. */
export const opaqueNumber = text(64).min(1);
/** 國庫署收件號: a payment may not have one yet. */
export const optionalOpaqueNumber = text(64);
/** Names of agencies, banks and branches: the longest of the bank list has 28 characters. */
export const officialName = text(200).min(1);
/** With extension, and sometimes two of them in one field. */
export const phone = text(64);
/** 支出用途 is cut to 60 bytes in a remittance's postscript; the voucher's own wording is longer. */
export const purpose = text(500);
/** A sentence or two from an officer or another agency. */
export const remark = text(500);
export const requiredRemark = remark.min(1);

/** Canonical spelling only: an id is compared as text. */
export const uuid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
/** Random id of a principal, or the name of a part of the service that acts by itself. */
export const actor = z.string().regex(/^[A-Za-z0-9._:-]{1,64}$/);
/** Chosen by who delivers; it stands in addresses and file names. */
export const batchId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** `payment/different-content`: the longest code of the service has 44 characters. */
export const errorCode = z.string().regex(/^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/).max(80);
export const fieldName = z.string().regex(/^[A-Za-z][A-Za-z0-9.]{0,63}$/);

export const bank = z.string().regex(/^\d{3}$/);
export const bankCode = z.string().regex(/^\d{7}$/);
/** The clearing's field has 14 digits. */
export const accountNumber = z.string().regex(/^\d{1,14}$/);
export const invoiceNumber = z.string().regex(/^[A-Z]{2}\d{8}$/);

/** A day that exists, leap years included. */
export const day = z.iso.date();
/** UTC with milliseconds, one spelling only: as text it sorts as time. */
export const instant = z.iso.datetime({ precision: 3 });

export const count = z.int().min(0);
/** Whole 元 below 2^53: from there on a number no longer tells neighbouring amounts apart. */
export const yuan = z.int().min(0);
/** 民國, as three digits can write it. */
export const rocYear = z.int().min(1).max(999);

/** Ciphertext of at most 3,000 bytes: an address or a reviewer's explanation of a thousand characters. */
export const sealed = z.strictObject({
  sealed: z.string().regex(/^s1\.[0-9a-f-]{36}\.[A-Za-z0-9_-]{38,4100}$/),
});
