/** What the bank directory says of one code: all of another capability that an application depends on. */
export interface BankCodeState { readonly exists: boolean; readonly online: boolean }

export interface BankCodeStates {
  stateOf(bankCode: string): Promise<BankCodeState>;
}
export const BANK_CODE_STATES = Symbol('BankCodeStates');
