import { z } from 'zod';
import { rejectionReasons } from '../../../domain/accounts/account.events.js';
import { applicantKinds } from '../../../domain/applicants/applicant.events.js';
import { applicationStatuses } from '../../../projections/accounts/accounts.projection.js';
import { accountShape } from '../accounts/account-answers.js';
import { next, paging, query, words } from '../schemas.js';

/** A few sentences for the applicant; more is a letter. */
const longestExplanation = 500;

export const reviewsQuery = query({
  status: z.enum(applicationStatuses).default('審核中').meta({ description: '狀態' }),
  ...paging,
});
export type ReviewsAsked = z.output<typeof reviewsQuery>;
export const reviewQuery = query({});

const appliedAt = z.iso.datetime({ precision: 3 }).optional().meta({
  description: '所審申請的 appliedAt / of the application that was looked at: refused where it was replaced since',
});
export const approvalQuery = query({ appliedAt });
export type ApprovalAsked = z.output<typeof approvalQuery>;

export const rejectionBody = z.strictObject({
  reason: z.enum(rejectionReasons).meta({ description: '未核准原因', examples: ['戶名與帳號不符'] }),
  explanation: words(longestExplanation).optional()
    .meta({ description: 'the reviewer\'s own words; required with 其他', examples: ['存摺影本模糊，請重新上傳'] }),
  appliedAt,
});
export type RejectionBody = z.output<typeof rejectionBody>;

const text = z.string();
const reviewed = z.object({
  ...accountShape, applicantId: z.uuid(), appliedBy: text, decidedBy: text.nullable(),
}).meta({ id: 'ReviewedAccount' });
export type ReviewedAccount = z.output<typeof reviewed>;

export const reviewsAnswer = z.object({ reviews: z.array(reviewed), next }).meta({ id: 'Reviews' });

export const reviewAnswer = z.object({
  account: reviewed,
  applicant: z.object({
    kind: z.enum(applicantKinds), idNumber: text.nullable(), name: text.nullable(),
  }).nullable().meta({ description: 'as registered; null for an applicant who is not' }),
  approvedForOthers: z.array(z.object({ accountId: z.uuid(), applicantId: z.uuid() }))
    .meta({ description: 'the same bank account, already approved for somebody else' }),
  history: z.array(z.object({
    position: text, event: text, at: text, by: text, reason: z.enum(rejectionReasons).nullable(),
    explanation: text.nullable(),
  })),
}).meta({ id: 'Review' });
export type ReviewAnswer = z.output<typeof reviewAnswer>;
