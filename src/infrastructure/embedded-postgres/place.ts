import { randomBytes } from 'node:crypto';
import {
  chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { ServiceUser } from './service-user.js';
import { mayEnter, serviceUser } from './service-user.js';

/**
 * Where the embedded server lives; kept in `postgres.json`, so that every later start and command finds it
 * again.
 */
export interface Place {
  readonly directory: string;
  readonly port: number | null;
}

/** Open to every user of the machine by its path, unlike a checkout below /root. */
const elsewhere = '/var/lib/treasury-reconciliation';

export const dataDirectoryOf = (place: Place): string => join(place.directory, 'data');

/** The place chosen at the first start, or null before it. */
export function rememberedPlace(varDirectory: string): Place | null {
  const file = placeFile(varDirectory);
  if (!existsSync(file)) return null;
  const place = JSON.parse(readFileSync(file, 'utf8')) as Place;
  return existsSync(place.directory) ? place : null;
}

export function remember(varDirectory: string, place: Place): void {
  const draft = `${placeFile(varDirectory)}.new`;
  writeFileSync(draft, `${JSON.stringify(place)}\n`);
  renameSync(draft, placeFile(varDirectory));
}

/**
 * `postgres` in the var directory, unless PostgreSQL must run as another user who cannot get there (a
 * checkout below /root): then a directory of its own below /var/lib, and it says so.
 */
export function choosePlace(
  varDirectory: string, say: (line: string) => void,
): { place: Place; user: ServiceUser } {
  const remembered = rememberedPlace(varDirectory);
  if (remembered) return { place: remembered, user: serviceUser(dataDirectoryOf(remembered)) };
  mkdirSync(varDirectory, { recursive: true });
  const inVar: Place = { directory: resolve(varDirectory, 'postgres'), port: null };
  const user = serviceUser(dataDirectoryOf(inVar));
  if (user.uid !== undefined) letThrough(varDirectory);
  const place = user.uid === undefined || mayEnter(user, resolve(varDirectory)) ? inVar : placeElsewhere();
  if (place !== inVar) {
    say(`使用者 postgres 無法進入 ${resolve(varDirectory)}，資料庫改放在 ${place.directory}。 `
      + `The user postgres cannot enter that directory: the database is kept in ${place.directory}.`);
  }
  makeDirectory(place.directory, user);
  remember(varDirectory, place);
  return { place, user };
}

const placeFile = (varDirectory: string): string => join(varDirectory, 'postgres.json');

/** A new name each time: a fresh clone at an old path must not find the old clone's data. */
const placeElsewhere = (): Place =>
  ({ directory: join(elsewhere, randomBytes(6).toString('hex')), port: null });

/** The secrets in the var directory have modes of their own; passing through it must be allowed. */
function letThrough(directory: string): void {
  const { mode } = statSync(directory);
  chmodSync(directory, mode | 0o011);
}

function makeDirectory(directory: string, user: ServiceUser): void {
  mkdirSync(directory, { recursive: true });
  if (user.uid === undefined || user.gid === undefined) return;
  if (directory.startsWith(elsewhere)) chmodSync(elsewhere, 0o755);
  chmodSync(directory, 0o755);
  chownSync(directory, user.uid, user.gid);
}
