import type { Fact } from '../decider.js';

/** 支付狀態 (PRODUCT decision 3); only 已匯款 is sourced, the rest are ours. Stored and filtered by these words. */
export const paymentStatuses = ['待匯款', '已匯款', '退匯', '重匯', '改簽支票', '註銷'] as const;
export type PaymentStatus = (typeof paymentStatuses)[number];

/** A payment is first heard of in one of these; every later status is a fact of its own. */
export const firstStatuses = ['待匯款', '已匯款'] as const satisfies readonly PaymentStatus[];
export type FirstStatus = (typeof firstStatuses)[number];

/** 退匯原因 (PRODUCT decision 3). 其他 may carry words of its own behind a colon: see `returnReason`. */
export const returnReasons = ['帳號錯誤', '戶名不符', '帳戶已結清', '通匯序號錯誤', '押碼不符', '其他'] as const;
export type ReturnReason = (typeof returnReasons)[number];

export interface Invoice {
  /** 統一發票號碼: 2 letters and 8 digits. */
  readonly number: string;
  /** ISO date. */
  readonly date: string;
  /** Whole 元. */
  readonly amount: number;
}

/** Statutory record, kept in clear (PRODUCT decision 14). */
export interface PaymentDetails {
  readonly agencyCode: string;
  readonly agencyName: string;
  /** 付款機關會計室電話. */
  readonly agencyPhone: string;
  /** 民國 year. */
  readonly fiscalYear: number;
  readonly voucherNo: string;
  readonly seq: string;
  /** 支付日期, ISO. */
  readonly paymentDate: string;
  readonly treasuryReceiptNo: string;
  readonly bankCode: string;
  /** As delivered; compared by its 14-digit padded form. */
  readonly accountNumber: string;
  /** Whole 元. */
  readonly amount: number;
  /** 支出用途, copied by the treasury into the remittance's postscript. */
  readonly purpose: string;
  readonly invoices: readonly Invoice[];
}

export type PaymentRecorded = Fact<'PaymentRecorded', PaymentDetails & {
  readonly paymentId: string;
  readonly status: FirstStatus;
  /** The batch that brought it. */
  readonly batchId: string;
}>;
export type RemittanceRecorded = Fact<'RemittanceRecorded', {
  readonly paymentId: string; readonly remittedOn: string; readonly note?: string; readonly batchId: string;
}>;
export type RemittanceReturned = Fact<'RemittanceReturned', {
  readonly paymentId: string;
  readonly reason: ReturnReason;
  readonly explanation?: string;
  readonly returnedOn: string;
  readonly batchId: string;
}>;
export type PaymentReissued = Fact<'PaymentReissued', {
  readonly paymentId: string; readonly reissuedOn: string; readonly note?: string; readonly batchId: string;
}>;
export type ChequeIssuedInstead = Fact<'ChequeIssuedInstead', {
  readonly paymentId: string; readonly issuedOn: string; readonly note?: string; readonly batchId: string;
}>;
export type PaymentCancelled = Fact<'PaymentCancelled', {
  readonly paymentId: string; readonly cancelledOn: string; readonly reason: string; readonly batchId: string;
}>;
/** What may be corrected; never the identity (agency, year, voucher, seq) and never a status. */
export type PaymentCorrection =
  Partial<Omit<PaymentDetails, 'agencyCode' | 'fiscalYear' | 'voucherNo' | 'seq'>>;
export type PaymentCorrected = Fact<'PaymentCorrected', {
  readonly paymentId: string;
  readonly correction: PaymentCorrection;
  readonly reason: string;
  readonly correctedBy: string;
  readonly correctedAt: string;
}>;

export type PaymentFact =
  | PaymentRecorded | RemittanceRecorded | RemittanceReturned | PaymentReissued
  | ChequeIssuedInstead | PaymentCancelled | PaymentCorrected;
