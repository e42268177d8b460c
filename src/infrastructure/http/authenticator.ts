import type { Principal } from '../../application/command-context.js';
import type { OpenSession } from '../identity/session-table.js';

/** Turns a bearer token into who asks, or null. */
export interface Authenticator {
  authenticate(token: string): Promise<Principal | null>;
}

/** Turns the token in a browser's cookie into its session, or null. */
export interface SessionReader {
  open(token: string): Promise<OpenSession | null>;
}

/** Outside demo mode nobody is anybody by a bearer token. */
export class NoSignIn implements Authenticator {
  async authenticate(): Promise<null> {
    return null;
  }
}
