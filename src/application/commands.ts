import type { Type } from '@nestjs/common';
import type { Command, ICommandHandler } from '@nestjs/cqrs';
import { ApplyAccount, ApplyAccountHandler } from './accounts/apply-account.js';
import { ApproveAccount, ApproveAccountHandler } from './accounts/approve-account.js';
import { RejectAccount, RejectAccountHandler } from './accounts/reject-account.js';
import { RemoveAccount, RemoveAccountHandler } from './accounts/remove-account.js';
import { WithdrawApplication, WithdrawApplicationHandler } from './accounts/withdraw-application.js';
import { ChangeContact, ChangeContactHandler } from './applicants/change-contact.js';
import { RegisterApplicant, RegisterApplicantHandler } from './applicants/register-applicant.js';
import { ImportBankCodeList, ImportBankCodeListHandler } from './bank-codes/import-bank-code-list.js';
import type { Role } from './command-context.js';
import { DeliverPaymentBatch, DeliverPaymentBatchHandler } from './payment-batches/deliver-payment-batch.js';
import { CorrectPayment, CorrectPaymentHandler } from './payments/correct-payment.js';

export interface CommandRow {
  readonly command: Type<Command<unknown>>;
  readonly handler: Type<ICommandHandler>;
  readonly roles: readonly Role[];
}

/** Every command there is, who carries it out, and who may give it. Nothing else can be asked for. */
export const commandTable: readonly CommandRow[] = [
  { command: RegisterApplicant, handler: RegisterApplicantHandler, roles: ['payee'] },
  { command: ChangeContact, handler: ChangeContactHandler, roles: ['payee'] },
  { command: ApplyAccount, handler: ApplyAccountHandler, roles: ['payee'] },
  { command: WithdrawApplication, handler: WithdrawApplicationHandler, roles: ['payee'] },
  { command: RemoveAccount, handler: RemoveAccountHandler, roles: ['payee'] },
  { command: ApproveAccount, handler: ApproveAccountHandler, roles: ['reviewer'] },
  { command: RejectAccount, handler: RejectAccountHandler, roles: ['reviewer'] },
  { command: ImportBankCodeList, handler: ImportBankCodeListHandler, roles: ['operator'] },
  { command: DeliverPaymentBatch, handler: DeliverPaymentBatchHandler, roles: ['operator'] },
  { command: CorrectPayment, handler: CorrectPaymentHandler, roles: ['operator'] },
];

export const commandHandlers = commandTable.map(({ handler }) => handler);

/** Nobody, for a command that is not in the table. */
export const rolesFor = (command: unknown): readonly Role[] =>
  commandTable.find((row) => row.command === command)?.roles ?? [];
