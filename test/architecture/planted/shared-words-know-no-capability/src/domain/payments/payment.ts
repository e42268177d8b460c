export interface Payment { readonly amount: number; readonly voucherNo: string }
