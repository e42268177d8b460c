import { FindAccountsHandler } from './accounts/find-accounts.js';
import { FindAccountsOfHandler } from './accounts/find-accounts-of.js';
import { FindReviewHandler } from './accounts/find-review.js';
import { FindReviewsHandler } from './accounts/find-reviews.js';
import { FindApplicantHandler } from './applicants/find-applicant.js';
import { FindBankCodesHandler } from './bank-directory/find-bank-codes.js';
import { ListOnlineBankCodesHandler } from './bank-directory/list-online-bank-codes.js';
import {
  FindDelegationsOfHandler, FindDelegationsToHandler, FindProposedAccountsHandler,
} from './delegations/find-delegations.js';
import { FindBatchHandler } from './payment-batches/find-batch.js';
import { FindBatchesHandler } from './payment-batches/find-batches.js';
import { FindPaymentHistoryHandler } from './payment-timeline/find-payment-history.js';
import { FindPaymentHandler } from './reconciliation/find-payment.js';
import { FindReconciliationsHandler } from './reconciliation/find-reconciliations.js';
import { FindSignInsHandler } from './sign-ins/find-sign-ins.js';

/** For the composition root: a query that is not listed here is answered by nobody. */
export const queryHandlers = [
  FindAccountsOfHandler, FindReviewHandler, FindReviewsHandler, FindApplicantHandler, FindBankCodesHandler,
  ListOnlineBankCodesHandler, FindBatchHandler, FindBatchesHandler, FindPaymentHistoryHandler,
  FindPaymentHandler, FindReconciliationsHandler, FindSignInsHandler,
  FindAccountsHandler, FindDelegationsOfHandler, FindDelegationsToHandler, FindProposedAccountsHandler,
] as const;
