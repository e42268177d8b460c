export interface Pool { readonly size: number }
