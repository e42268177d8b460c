export interface AccountState { readonly status: string }
