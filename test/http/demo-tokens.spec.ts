import { randomBytes } from 'node:crypto';
import { NoSignIn } from '../../src/infrastructure/http/authenticator.js';
import { DemoTokens } from '../../src/infrastructure/http/demo-tokens.js';
import { principal } from './support/service.js';

const tokens = new DemoTokens(randomBytes(32));
const payee = principal('payee', 'reviewer');
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/';

describe('a demo token', () => {
  it('says who its bearer is', async () =>
    expect(await tokens.authenticate(tokens.issue(payee))).toEqual(payee));

  it('is refused with any one character changed', async () => {
    const token = tokens.issue(payee);
    for (let i = 0; i < token.length; i++) {
      for (const other of alphabet) {
        if (other === token[i]) continue;
        const changed = token.slice(0, i) + other + token.slice(i + 1);
        if (await tokens.authenticate(changed) !== null) throw new Error(`accepted with ${other} at ${i}`);
      }
    }
  });

  it.each(['', '.', 'demo', 'demo..', `${tokens.issue(payee)}.`, ` ${tokens.issue(payee)}`])(
    'is not %j', async (token) => expect(await tokens.authenticate(token)).toBeNull());

  it('of another service is refused', async () =>
    expect(await tokens.authenticate(new DemoTokens(randomBytes(32)).issue(payee))).toBeNull());
});

describe('without demo mode', () => {
  it('nobody is anybody', async () =>
    expect(await new NoSignIn().authenticate()).toBeNull());
});
