import type { ReadableAccount } from '../../../application/accounts/readable-accounts.js';
import { isOver } from '../../../domain/delegations/delegation-state.js';
import { taipeiDate } from '../../../domain/roc-date.js';
import type { DelegatedAccount, DelegationView } from '../../../projections/delegations/find-delegations.js';
import type { PersonalFields, Shown } from '../personal-fields.js';
import type { DelegationState, GivenDelegation, HeldDelegation } from './delegations.schemas.js';

/** NSS107E, as the company sees it. */
export async function givenAnswers(
  views: readonly DelegationView[], personal: PersonalFields, at: string,
): Promise<GivenDelegation[]> {
  const names = await personal.show(views.map(({ delegateName }) => delegateName));
  return Promise.all(views.map(async ({ delegationId, cardType, accounts }, i) => {
    const accountNames = await personal.show(accounts.map(({ accountName }) => accountName));
    return {
      delegationId, name: names[i] ?? null, cardType,
      accounts: accounts.map((account, place) => ({
        ...accountAnswer(account, accountNames[place] ?? null), through: account.through,
        state: stateOf(account, at), revokedAt: account.revokedAt,
      })),
    };
  }));
}

/** As the delegate sees it: what may be read at this moment, and nothing of what once might. */
export async function heldAnswer(
  view: DelegationView, readable: readonly ReadableAccount[],
  { personal, companyName }: { readonly personal: PersonalFields; readonly companyName: Shown },
): Promise<HeldDelegation> {
  const { delegationId, cardType } = view;
  const inForce = new Set(readable
    .filter(({ delegation }) => delegation?.delegationId === delegationId)
    .map(({ accountId }) => accountId));
  const accounts = view.accounts.filter(({ accountId }) => inForce.has(accountId));
  const accountNames = await personal.show(accounts.map(({ accountName }) => accountName));
  return {
    delegationId, companyName, cardType,
    accounts: accounts.map((account, i) => accountAnswer(account, accountNames[i] ?? null)),
  };
}

const accountAnswer = (account: DelegatedAccount, accountName: Shown) => ({
  accountId: account.accountId, bankCode: account.bankCode, bankName: account.bankName,
  accountNumber: account.accountNumber, accountName, grantedOn: taipeiDate(account.grantedAt),
  expiresOn: account.expiresOn,
});

function stateOf({ revokedAt, expiresOn, isOfTheApproval }: DelegatedAccount, at: string): DelegationState {
  if (revokedAt !== null) return '已取消';
  if (isOver(expiresOn, at)) return '已到期';
  return isOfTheApproval ? '有效' : '帳號失效';
}
