import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InProcessServer } from './in-process-server.js';
import { ServerLog } from './server-log.js';
import { selfSignedCertificate } from './self-signed.js';

/** A KurrentDB for a spec to use; `server` if it is of the test's own process: only that can be spoilt. */
export interface Place {
  readonly url: string;
  readonly server?: InProcessServer;
  close(): Promise<void>;
}
export interface KindOfPlace {
  readonly name: string;
  /** Its places have a `server`. */
  readonly canBeSpoilt: boolean;
  open(): Promise<Place>;
}

/** So much is already there that a JavaScript number could not tell two positions apart. */
const oldLogBytes = 2n ** 62n;
export const password = 'never-shown-a91f';
const credentials = `treasury:${password}`;

/** As in earnest: over TLS, and with a password, so that whoever prints it is noticed. */
async function openInProcess(): Promise<Place> {
  const tls = selfSignedCertificate();
  const authority = join(tmpdir(), `authority-${randomUUID()}.pem`);
  await writeFile(authority, tls.certificate);
  const log = new ServerLog(oldLogBytes);
  const server = await InProcessServer.start({ tls, credentials, log });
  const settings = `tls=true&tlsCAFile=${encodeURIComponent(authority)}`;
  return {
    server, url: `esdb://${credentials}@localhost:${server.address.port}?${settings}`,
    close: async () => {
      await server.stop();
      await rm(authority);
    },
  };
}

/**
 * The server of the test's own process, and the real one of EVENT_STORE_TEST_URL wherever there is one. One
 * plain line says which: a green run must not be taken for more than it was.
 */
export function kindsOfPlaces(spec: string): readonly KindOfPlace[] {
  const url = process.env.EVENT_STORE_TEST_URL;
  const real = url ? 'and over the real server of EVENT_STORE_TEST_URL'
    : 'alone; EVENT_STORE_TEST_URL is not set, so no real server was asked';
  process.stdout.write(`${spec}: over a KurrentDB server in the test's own process, ${real}.\n`);
  const name = 'a KurrentDB server of this process';
  const inProcess = { name, canBeSpoilt: true, open: openInProcess };
  if (!url) return [inProcess];
  const open = async (): Promise<Place> => ({ url, close: async () => undefined });
  return [inProcess, { name: 'the real KurrentDB server of EVENT_STORE_TEST_URL', canBeSpoilt: false, open }];
}
