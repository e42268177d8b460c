import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { actor, bank, bankCode, count, day, instant, officialName, sha256 } from './fields.js';

const bankCodeOpened = z.strictObject({ bankCode, name: officialName, effectiveDate: day });
const bankCodeRenamed = z.strictObject({
  bankCode, name: officialName, previousName: officialName, effectiveDate: day,
});
const bankCodeListImported = z.strictObject({
  fileHash: sha256,
  effectiveDate: day,
  codes: count,
  added: count,
  renamed: count,
  closed: count,
  reopened: count,
  importedBy: actor,
  importedAt: instant,
});

export const bankCodeSchemas = {
  BankCodeOpened: factSchema('BankCodeOpened', { versions: [bankCodeOpened] }),
  BankCodeRenamed: factSchema('BankCodeRenamed', { versions: [bankCodeRenamed] }),
  BankCodeClosed: factSchema('BankCodeClosed', {
    versions: [z.strictObject({ bankCode, effectiveDate: day })],
  }),
  BankCodeReopened: factSchema('BankCodeReopened', {
    versions: [z.strictObject({ bankCode, name: officialName, effectiveDate: day })],
  }),
  BankNamed: factSchema('BankNamed', {
    versions: [z.strictObject({ bank, name: officialName, effectiveDate: day })],
  }),
  BankCodeListImported: factSchema('BankCodeListImported', { versions: [bankCodeListImported] }),
};
