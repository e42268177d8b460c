/** Words and numbers of ours: a pattern, a count, an outcome. Never an address or what somebody typed. */
export type SpanFacts = Readonly<Record<string, string | number>>;

/** What is under way for one request. */
export interface RequestSpan {
  /** Whatever `next` begins, now or later, is a part of this request. */
  enter(next: () => void): void;
  end(facts: SpanFacts, isFailed: boolean): void;
}

export interface ArrivedRequest {
  readonly name: string;
  readonly facts: SpanFacts;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** How long things took and what began them, told to whoever collects it. */
export interface Tracing {
  /** Part of the caller's trace where its `traceparent` says so; null while nobody collects. */
  begin(request: ArrivedRequest): RequestSpan | null;
  /** Tells of `work` as a part of whatever began it; `facts` once it is done. */
  during<T>(name: string, work: () => Promise<T>, facts: (result: T) => SpanFacts): Promise<T>;
  /** Sends what is left, for a bounded time. */
  close(): Promise<void>;
}

export const noTracing: Tracing = {
  begin: () => null,
  during: (_name, work) => work(),
  close: async () => undefined,
};
