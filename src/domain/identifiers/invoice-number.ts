/**
 * 統一發票號碼: two letters of the 字軌 and eight digits. The letters change every two months; the period they
 * stand for is never derived from them.
 */
export const isInvoiceNumber = (text: string): boolean => /^[A-Z]{2}\d{8}$/.test(text);
