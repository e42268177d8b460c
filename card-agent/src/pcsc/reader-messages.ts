/** What the supervisor and the process that holds the binding say to each other. */
export type ReaderRequest = { readonly id: number } & (
  | { readonly do: 'statuses' }
  | { readonly do: 'connect'; readonly reader: string }
  | { readonly do: 'transmit'; readonly command: Uint8Array }
  | { readonly do: 'disconnect' }
);

export type ReaderFailure =
  | 'pcsc-not-installed' | 'pcsc-unavailable' | 'reader-missing' | 'reader-failed'
  | 'card-missing' | 'card-removed' | 'card-silent' | 'card-in-use' | 'transmit-failed';

export interface ReaderAnswer {
  readonly id: number;
  readonly failure?: ReaderFailure;
  readonly statuses?: readonly { readonly name: string; readonly card: 'absent' | 'present' }[];
  readonly answer?: Uint8Array;
}

/** Sent once when the binding stands, or instead of that: then the process ends. */
export interface ReaderGreeting {
  readonly greeting: 'ready' | ReaderFailure;
}
