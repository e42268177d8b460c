import { AgentKeys } from '../attestation/agent-keys.js';
import { createAgentServer } from '../http/agent-server.js';
import { listenOnLoopback } from '../http/listen.js';
import { Operations } from '../operations.js';
import type { Settings } from '../settings.js';
import { openCertificateCards, openReader } from './open-reader.js';
import type { Terminal } from './terminal.js';
import { print } from './terminal.js';

/** Serves until told to stop. */
export async function serve(settings: Settings, terminal: Terminal): Promise<void> {
  const reader = openReader(settings);
  const parts = {
    reader,
    certificates: openCertificateCards(settings),
    keys: new AgentKeys(settings.keysDirectory),
    operations: new Operations(),
    allowedOrigins: settings.origins,
    log: (line: string) => terminal.note(`${new Date().toISOString()} ${line}`),
  };
  const listening = await listenOnLoopback(() => createAgentServer(parts), settings.port);
  const address = `http://127.0.0.1:${listening.port}`;
  print(terminal, { address, reader: reader.kind, origins: settings.origins }, [
    `讀卡元件： ${address}（只在本機）。 The card agent, on this machine only.`,
    reader.kind === 'pcsc' ? '讀卡機：PC/SC。 Readers: PC/SC.' : '示範卡片，不是讀卡機。 Demo cards, no reader.',
    settings.origins.length === 0
      ? '尚未允許任何網站（--origin https://…）。 No site is allowed yet.'
      : `允許的網站： allowed sites: ${settings.origins.join(', ')}`,
    `同意畫面： consent page: ${address}/consent`,
  ]);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await listening.close();
  await reader.close();
}
