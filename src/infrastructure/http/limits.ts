/** How much of a request is taken in; the settings say why. */
export interface HttpLimits {
  readonly jsonBytes: number;
  /** Largest streamed upload. */
  readonly csvBytes: number;
  /** Largest upload that is held as a whole. */
  readonly listBytes: number;
  /** An upload of which nothing came for so long is cut. */
  readonly uploadSilenceMs: number;
}
export const HTTP_LIMITS = Symbol('HttpLimits');
