import { createHash, randomBytes, randomUUID } from 'node:crypto';
import {
  appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Parts } from '../../../src/app.module.js';
import { openParts } from '../../../src/app.module.js';
import { handle } from '../../../src/application/handle.js';
import { applicantStream } from '../../../src/application/stream-names.js';
import { applicantDecider } from '../../../src/domain/applicants/applicant.js';
import { backUp } from '../../../src/infrastructure/backup/back-up.js';
import { restore } from '../../../src/infrastructure/backup/restore.js';
import { createLogger } from '../../../src/infrastructure/logging.js';
import type { TestDatabase } from '../../support/database.js';
import { createEmptyTestDatabase, createTestDatabase } from '../../support/database.js';

const at = '2026-03-02T01:00:00.000Z';
const masterKey = randomBytes(32).toString('base64');
const say = (): void => undefined;

describe('a backup', () => {
  const directory = mkdtempSync(join(tmpdir(), 'treasury-backup-'));
  const first = join(directory, 'first');
  const opened: { parts: Parts; database: TestDatabase }[] = [];
  let source: Parts;

  const open = (database: TestDatabase): Parts => {
    const parts = openParts({
      databaseUrl: database.url, masterKey, connections: 4, logger: createLogger('silent'), wakeWorker: say,
    });
    opened.push({ parts, database });
    return parts;
  };
  const urlOf = (parts: Parts): string =>
    opened.find((each) => each.parts === parts)?.database.url ?? '';
  const save = (parts: Parts, into: string) =>
    backUp({ databaseUrl: urlOf(parts), masterKey, directory: into, madeAt: at, say });
  const register = async (parts: Parts, applicantId: string, name: string): Promise<string> => {
    const outcome = await handle(parts.log, applicantDecider, applicantStream(applicantId), {
      command: { type: 'RegisterApplicant', applicantId, kind: 'person', idNumber: 'A123456789', name, at },
      meta: { commandId: randomUUID(), fingerprint: 'f', by: randomUUID(), at },
    });
    if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
    return String(outcome.position);
  };
  const nameOf = async (parts: Parts, applicantId: string): Promise<unknown> => {
    const stream = applicantStream(applicantId);
    for await (const { id, type, data } of parts.log.readStream(stream)) {
      if (type === 'ApplicantRegistered' && 'sealed' in data.name) {
        return parts.keys.unseal(data.name.sealed, { stream, eventId: id, field: 'name' });
      }
    }
    return null;
  };
  const into = async (
    options: { from?: string; key?: string; erased?: string[] } = {},
  ): Promise<Parts> => {
    const parts = open(await createEmptyTestDatabase());
    const { from = first, key = masterKey, erased = [] } = options;
    await restore({ databaseUrl: urlOf(parts), masterKey: key, directory: from, erased, say });
    return parts;
  };
  const copyOf = (name: string): string => {
    const copy = join(directory, name);
    cpSync(first, copy, { recursive: true });
    return copy;
  };
  const ming = randomUUID();
  const hua = randomUUID();

  beforeAll(async () => {
    source = open(await createTestDatabase());
    await register(source, ming, '王小明');
    await register(source, hua, '陳小華"引號"\\N');
    await source.pool.query(`INSERT INTO work.batch_deliveries
      (delivery_id, file_hash, bytes, charset, delivered_by, received_at)
      VALUES ($1, 'h', 3, 'big5', 'x', now())`, [randomUUID()]);
    await source.pool.query('INSERT INTO work.batch_file_chunks VALUES ($1, 0, $2)',
      [randomUUID(), Buffer.from([0, 9, 10, 92, 255])]);
    await save(source, first);
  });
  afterAll(async () => {
    for (const { parts, database } of opened) {
      await parts.close();
      await database.drop();
    }
    rmSync(directory, { recursive: true, force: true });
  });

  it('restored and backed up again has the same content, byte for byte', async () => {
    const again = join(directory, 'again');
    await save(await into(), again);
    const sums = (of: string): string => readFileSync(join(of, 'SHA256SUMS'), 'utf8');
    expect(sums(again)).toBe(sums(first));
  });

  it('restored lets the log go on where it stood, and deliveries too', async () => {
    const restored = await into();
    expect(await restored.log.head()).toBe('2');
    expect(await register(restored, randomUUID(), '林小美')).toBe('3');
    const { rows } = await restored.pool.query<{ receipt: string }>(`INSERT INTO work.batch_deliveries
      (delivery_id, file_hash, bytes, charset, delivered_by, received_at)
      VALUES ($1, 'h', 3, 'big5', 'x', now()) RETURNING receipt`, [randomUUID()]);
    expect(rows).toEqual([{ receipt: '2' }]);
  });

  it('restored tells names again, but not of whom a later list says that they were erased', async () => {
    const restored = await into({ erased: [ming] });
    expect(await nameOf(restored, hua)).toEqual({ plain: '陳小華"引號"\\N' });
    expect(await nameOf(restored, ming)).toEqual({ destroyed: true });
    expect(await nameOf(source, ming)).toEqual({ plain: '王小明' });
  });

  it('lists whom it knows as erased, for the restoring of an older one', async () => {
    const restored = await into({ erased: [ming] });
    await save(restored, join(directory, 'newer'));
    expect(readFileSync(join(directory, 'newer', 'erased-subjects.txt'), 'utf8')).toBe(`${ming}\n`);
    expect(readFileSync(join(first, 'erased-subjects.txt'), 'utf8')).toBe('');
  });

  it('is for its owner alone', () => {
    expect(statSync(first).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(first)) expect(statSync(join(first, file)).mode & 0o777).toBe(0o600);
  });

  it('holds neither the master key nor a name in clear', () => {
    for (const file of readdirSync(first)) {
      expect(readFileSync(join(first, file), 'latin1')).not.toContain(masterKey);
    }
    expect(readFileSync(join(first, 'manifest.json'), 'utf8')).toContain('"masterKeyCheck"');
  });

  it('never goes into a directory that holds something', async () => {
    await expect(save(source, first)).rejects.toThrow('not empty');
  });

  it('refuses to forget a table that a later version adds', async () => {
    const newer = await into();
    await newer.pool.query('CREATE TABLE log.notes (note text)');
    await expect(save(newer, join(directory, 'notes'))).rejects.toThrow('no backup saves log.notes');
    await expect(into({ from: join(directory, 'notes') })).rejects.toThrow('no finished backup');
  });

  it('is not restored under another master key', async () => {
    await expect(into({ key: randomBytes(32).toString('base64') })).rejects.toThrow('not the MASTER_KEY');
  });

  it('is not restored when a byte of it has changed', async () => {
    const damaged = copyOf('damaged');
    appendFileSync(join(damaged, 'log.events.copy.gz'), '\0');
    await expect(into({ from: damaged })).rejects.toThrow('log.events.copy.gz is not what was written');
  });

  it('is not restored when a file of it is missing', async () => {
    const torn = copyOf('torn');
    rmSync(join(torn, 'keys.personal_keys.copy.gz'));
    await expect(into({ from: torn })).rejects.toThrow('keys.personal_keys.copy.gz is not what was written');
  });

  it('of another release is not restored', async () => {
    const other = copyOf('other');
    const manifest = readFileSync(join(other, 'manifest.json'), 'utf8').replace('Keys1764000000002', 'Keys2');
    writeFileSync(join(other, 'manifest.json'), manifest);
    resealed(other);
    await expect(into({ from: other })).rejects.toThrow('Another release made this backup');
  });

  it('is never restored over data, and leaves nothing behind when it fails', async () => {
    const used = await into();
    const again = { databaseUrl: urlOf(used), masterKey, directory: first, erased: [], say };
    await expect(restore(again)).rejects.toThrow('holds data already');
    const holed = copyOf('holed');
    writeFileSync(join(holed, 'log.events.copy.gz'), readFileSync(join(holed, 'log.fact_types.copy.gz')));
    resealed(holed);
    const failed = open(await createEmptyTestDatabase());
    await expect(restore({ ...again, databaseUrl: urlOf(failed), directory: holed })).rejects.toThrow();
    const { rows } = await failed.pool.query(
      'SELECT (SELECT count(*) FROM log.fact_types) AS types, (SELECT position FROM log.head) AS head');
    expect(rows).toEqual([{ types: '0', head: '0' }]);
  });
});

/** As if the backup had been made so. */
function resealed(directory: string): void {
  const lines = readdirSync(directory).filter((file) => file !== 'SHA256SUMS').map((file) =>
    `${createHash('sha256').update(readFileSync(join(directory, file))).digest('hex')}  ${file}\n`);
  writeFileSync(join(directory, 'SHA256SUMS'), lines.join(''));
}
