import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pemOf } from '../../../src/infrastructure/identity/certificates/pem.js';
import type { TestDatabase } from '../../support/database.js';
import { createEmptyTestDatabase } from '../../support/database.js';
import { companyCard, idNumber, personCard } from './test-pki.js';

interface Ended { readonly code: number | null; readonly out: string; readonly error: string }

describe('the staff command', () => {
  const root = process.cwd();
  const files = mkdtempSync(join(tmpdir(), 'staff-'));
  const masterKey = randomBytes(32).toString('base64');
  let database: TestDatabase;
  beforeAll(async () => { database = await createEmptyTestDatabase(); });
  afterAll(async () => {
    await database.drop();
    rmSync(files, { recursive: true });
  });

  const loader = pathToFileURL(join(root, 'test/support/typescript-loader.mjs')).href;
  const command = ['--import', loader, join(root, 'src/commands/staff.ts')];
  const staff = (args: readonly string[], input = ''): Promise<Ended> => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command, ...args], {
      env: { ...process.env, DATABASE_URL: database.url, MASTER_KEY: masterKey }, stdio: 'pipe',
    });
    let [out, error] = ['', ''];
    child.stdout.on('data', (text: Buffer) => { out += text.toString(); });
    child.stderr.on('data', (text: Buffer) => { error += text.toString(); });
    child.on('error', reject);
    child.on('exit', (code) => resolve({ code, out, error }));
    child.stdin.end(input);
  });
  const file = (name: string, certificate: Uint8Array): string => {
    const path = join(files, name);
    writeFileSync(path, pemOf(certificate, 'CERTIFICATE'));
    return path;
  };
  const add = (certificate: string, roles: string, typed = idNumber) =>
    staff(['add', '--certificate', certificate, '--roles', roles], `${typed}\n`);

  it('begins the list, shows it, and takes off it', async () => {
    const certificate = file('first.pem', personCard().certificate);
    const added = await add(certificate, 'operator,auditor', idNumber.toLowerCase());
    expect(added.code).toBe(0);
    const member = added.out.trim();
    expect((await staff(['list'])).out).toContain(`${member}  測試王小明  operator,auditor`);

    const second = file('second.pem', personCard({ serialNumber: '77' }).certificate);
    const refused = await add(second, 'reviewer', 'B123456789');
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('staff/has-operators') });

    expect(await staff(['remove', '--member', member])).toMatchObject({ code: 0 });
    expect((await staff(['list'])).out).toBe('');
    expect(await add(second, 'reviewer', 'B123456789')).toMatchObject({ code: 0 });
  });

  it('takes a 自然人憑證 whose end of the ID number is the one typed, and nothing else', async () => {
    const refusal = (error: string) => ({ code: 1, error: expect.stringContaining(error) });
    expect(await add(file('a.pem', personCard().certificate), 'auditor', 'A123456780'))
      .toMatchObject(refusal('subject/id-number-mismatch'));
    expect(await add(file('b.pem', companyCard().certificate), 'auditor'))
      .toMatchObject(refusal('subject/unknown-kind'));
    writeFileSync(join(files, 'c.pem'), 'nothing');
    expect(await add(join(files, 'c.pem'), 'auditor')).toMatchObject(refusal('certificate/unreadable'));
  });

  it('tells how it is used', async () => {
    for (const args of [['promote'], ['add']]) {
      expect(await staff(args)).toMatchObject({ code: 2, error: expect.stringContaining('npm run staff') });
    }
    expect(await add(file('a.pem', personCard().certificate), 'minister')).toMatchObject({ code: 2 });
  });
});
