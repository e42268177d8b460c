import { z } from 'zod';
import { enrolments } from '../../../domain/identity/registration.events.js';
import { isPrintable } from '../../../domain/printable-text.js';
import { cardReading } from '../card-readings.js';
import { id, params, position, query, rule } from '../schemas.js';
import { password } from '../sign-ins/sign-ins.schemas.js';

/** What RFC 5321 lets a path have. */
const longestEmail = 254;
export const email = z.email().max(longestEmail).meta({ examples: ['ming@example.org'] });
const mobile = z.string().regex(/^09\d{8}$/).meta({ description: '手機號碼', examples: ['0912345678'] });
const printable = (max: number) => z.string().trim().min(1).max(max)
  .refine(isPrintable, rule('printable', '不得含控制字元或看不見的排版符號 / must not hold control characters'));
export const ticket = z.string().regex(/^[A-Za-z0-9_-]{43}$/).meta({ description: 'from the mail' });

export const applicationBody = z.strictObject({
  card: cardReading,
  householdNumber: z.string().regex(/^[A-Z0-9]{8}$/).meta({ description: '戶口名簿戶號', examples: ['F3456789'] }),
  address: printable(200).meta({ description: '戶籍地址，至鄰' }),
  password, email, mobile,
  noticeVersion: z.string().regex(/^[0-9A-Za-z.-]{1,20}$/)
    .meta({ description: 'of the notice under 個資法 §8 that was accepted' }),
});
export type ApplicationBody = z.output<typeof applicationBody>;

export const cardBody = z.strictObject({ card: cardReading });
export type CardBody = z.output<typeof cardBody>;
export const ticketBody = z.strictObject({ card: cardReading, ticket });
export type TicketBody = z.output<typeof ticketBody>;
export const resetBody = z.strictObject({ card: cardReading, ticket, password });
export type ResetBody = z.output<typeof resetBody>;
export const deletionBody = z.union([
  z.strictObject({ card: cardReading, password }), z.strictObject({ card: cardReading, ticket }),
]);
export type DeletionBody = z.output<typeof deletionBody>;

export const asked = z.object({ accepted: z.literal(true) })
  .meta({ id: 'Asked', description: 'if the card is registered, a mail is on its way' });

export const ownQuery = query({});
export const passwordBody = z.strictObject({ password });
export type PasswordBody = z.output<typeof passwordBody>;
export const emailBody = z.strictObject({ email });
export type EmailBody = z.output<typeof emailBody>;
export const newEmailBody = z.strictObject({ ticket });
export type NewEmailBody = z.output<typeof newEmailBody>;
export const mobileBody = z.strictObject({ mobile });
export type MobileBody = z.output<typeof mobileBody>;
export const agentParams = params({ agentId: id });

const shown = z.string().nullable();
export const ownAnswer = z.object({
  email: shown, mobile: shown,
  newEmail: shown.meta({ description: 'asked for and not confirmed yet' }),
  confirmedAt: z.string(),
  agents: z.array(z.object({
    agentId: z.uuid(), keyId: z.string(), through: z.enum(enrolments), enrolledAt: z.string(),
    isThisOne: z.boolean(),
  })),
}).meta({ id: 'OwnRegistration' });
export type OwnAnswer = z.output<typeof ownAnswer>;

export const registered = z.object({ position }).meta({ id: 'Registered' });
