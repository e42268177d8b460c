import type { Principal } from '../../application/command-context.js';

/** Turns what a request carries into who asks, or null. The one thing a real sign-in replaces. */
export interface Authenticator {
  authenticate(token: string): Promise<Principal | null>;
}

/** Outside demo mode, until there is a sign-in: nobody is anybody. */
export class NoSignIn implements Authenticator {
  async authenticate(): Promise<null> {
    return null;
  }
}
