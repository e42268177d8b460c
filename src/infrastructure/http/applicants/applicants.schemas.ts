import { z } from 'zod';
import { applicantKinds } from '../../../domain/applicants/applicant.events.js';
import { query, rule, wordsOrNone } from '../schemas.js';

/** Longest field of the form, an address with floor and room; every other is shorter. */
const longestField = 200;
const field = wordsOrNone(longestField).optional();
/** Whether somebody reads it only a mail can tell; what can be no address at all is refused. */
const plausibleEmail = /^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/;
const email = wordsOrNone(longestField)
  .refine((text) => text === '' || plausibleEmail.test(text),
    rule('email', '電子信箱格式有誤 / must be an e-mail address'))
  .optional();

export const applicantQuery = query({});

export const contactBody = z.strictObject({
  phone: field.meta({ description: '聯絡電話', examples: ['02-1234-5678'] }),
  email: email.meta({ description: '電子信箱', examples: ['ming@example.org'] }),
  address: field.meta({ description: '通訊地址' }),
  contactPerson: field.meta({ description: '聯絡人' }),
  fax: field.meta({ description: '傳真號碼' }),
}).meta({ description: 'only the fields given change; an empty one is cleared' });
export type ContactBody = z.output<typeof contactBody>;

const shown = z.string().nullable();
export const applicantAnswer = z.object({
  applicantId: z.uuid(),
  kind: z.enum(applicantKinds),
  idNumber: shown.meta({ description: '統一編號' }),
  name: shown.meta({ description: '申請人名稱' }),
  contact: z.object({ phone: shown, email: shown, address: shown, contactPerson: shown, fax: shown }),
  registeredAt: z.string(), changedAt: z.string(), erasedAt: z.string().nullable(),
}).meta({ id: 'Applicant' });
export type ApplicantAnswer = z.output<typeof applicantAnswer>;
