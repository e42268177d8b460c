import { createServer } from 'node:net';
import type { Config } from '../infrastructure/config.js';

/** Expected, and told in a sentence: another program has the port. */
export class PortTaken extends Error {
  constructor({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>) {
    super(`連接埠 ${PORT}（${HOST}）已被使用，請以 PORT 指定另一個，例如 PORT=8080 npm start；PORT=0 取任一可用者。 `
      + `Port ${PORT} of ${HOST} is taken: name another one by PORT, as PORT=8080 npm start; `
      + '0 takes any free one.');
    this.name = 'PortTaken';
  }
}

export function asPortTaken(error: unknown, config: Pick<Config, 'HOST' | 'PORT'>): PortTaken | null {
  return (error as { code?: unknown } | null)?.code === 'EADDRINUSE' ? new PortTaken(config) : null;
}

/** Before the long work: whoever takes the port in between is told of at the end of it. */
export async function assertPortFree(config: Pick<Config, 'HOST' | 'PORT'>): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => {
      const taken = asPortTaken(error, config);
      // Anything else is told by whoever listens in earnest.
      if (taken === null) resolve();
      else reject(taken);
    });
    probe.listen(config.PORT, config.HOST, () => probe.close(() => resolve()));
  });
}
