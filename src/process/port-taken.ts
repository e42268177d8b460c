import { createServer } from 'node:net';
import type { Config } from '../infrastructure/config.js';

type PortSetting = 'PORT' | 'MANAGEMENT_PORT';

/** Expected, and told in a sentence: another program has the port. */
export class PortTaken extends Error {
  constructor({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>, setting: PortSetting) {
    super(`連接埠 ${PORT}（${HOST}）已被使用，請以 ${setting} 指定另一個，例如 ${setting}=8080 npm start；`
      + `${setting}=0 取任一可用者。 Port ${PORT} of ${HOST} is taken: name another one by ${setting}, as `
      + `${setting}=8080 npm start; 0 takes any free one.`);
    this.name = 'PortTaken';
  }
}

export function asPortTaken(
  error: unknown, config: Pick<Config, 'HOST' | 'PORT'>, setting: PortSetting = 'PORT',
): PortTaken | null {
  return (error as { code?: unknown } | null)?.code === 'EADDRINUSE' ? new PortTaken(config, setting) : null;
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
