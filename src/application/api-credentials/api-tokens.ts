/** What programs show. Only hashes of it are kept, apart from the log. */
export interface ApiTokens {
  /** The token, told this once; null where one was made for this credential before. */
  issue(credentialId: string, holderId: string): Promise<string | null>;
  /** When each of a holder's credentials was last shown, to the minute; ISO UTC. */
  lastUsed(holderId: string): Promise<ReadonlyMap<string, string>>;
}
export const API_TOKENS = Symbol('ApiTokens');
