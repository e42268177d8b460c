import type { AccountState } from '../../domain/accounts/account.js';

export const statusOf = (state: AccountState): string => state.status;
