export interface EventLog { readonly head: string }
