/** What a refusal's code means outside: for programs a status, for people a sentence in both languages. */
export interface RefusalRow { readonly status: number; readonly zh: string; readonly en: string }

export const row = (status: number, zh: string, en: string): RefusalRow => ({ status, zh, en });
