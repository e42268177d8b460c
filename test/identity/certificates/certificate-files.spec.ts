import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  readAuthorities,
} from '../../../src/infrastructure/identity/certificates/pinned-certificates.js';
import { pemOf } from '../../../src/infrastructure/identity/certificates/pem.js';
import {
  RevocationListFiles,
} from '../../../src/infrastructure/identity/certificates/revocation-list-files.js';
import { verifyCertificate } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import {
  attempt, authorityCertificate, companyCard, lists, moeaca, moica, pinned, policy, revocationList, root,
  rsaKey,
} from './test-pki.js';

const openssl = (name: string): string => join(__dirname, 'openssl', name);
/** What the three messages are over; what a sign-in's must be over is another rule. */
const signed = Buffer.from(attempt.nonce);
const minute = 60_000;

let directory: string;
let now = 0;
let unreadable: string[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'certificates-'));
  [now, unreadable] = [0, []];
});
afterEach(() => rmSync(directory, { recursive: true }));

const filesOf = (path: string) => new RevocationListFiles({
  path, now: () => now, onUnreadable: (file) => { unreadable.push(file); },
});
const write = (name: string, content: Uint8Array | string): string => {
  const file = join(directory, name);
  writeFileSync(`${file}.new`, content);
  renameSync(`${file}.new`, file);
  return file;
};

describe('what OpenSSL made', () => {
  it.each(['message.der', 'message-without-attributes.der', 'message-detached.der'])(
    'is verified: %s', async (name) => {
      const answer = verifyCertificate(readFileSync(openssl(name)), {
        content: signed, idNumber: null, now: Date.parse('2026-11-23T00:00:00Z'), policies: [policy],
        authorities: readAuthorities(openssl('pinned.pem')),
        revocationLists: await filesOf(openssl('lists.pem')).lists(),
      });
      expect(answer).toMatchObject({
        serialNumber: 'f00d0123456789abcdef',
        subject: { kind: 'company', ubn: '04595257', name: '測試股份有限公司', cardRank: 'primary' },
      });
    });
});

describe('pinned certificates', () => {
  it('come from a file, or from every file of a directory, in PEM or DER', () => {
    const [rootDer, company] = pinned as [Uint8Array, Uint8Array];
    write('root.cer', rootDer);
    write('below.pem', `grown\n${pemOf(company, 'CERTIFICATE')}\n${pemOf(rootDer, 'CERTIFICATE')}`);
    mkdirSync(join(directory, 'old'));
    write('.note', 'not a certificate');
    const authorities = readAuthorities(directory);
    expect(authorities.has(rootDer)).toBe(true);
    expect(authorities.has(company)).toBe(true);
    expect(authorities.has(pinned[2] as Uint8Array)).toBe(false);
  });

  it('hold a root, and nothing but authorities with strong keys', () => {
    const file = (der: Uint8Array) => write('one.pem', pemOf(der, 'CERTIFICATE'));
    expect(() => readAuthorities(file(pinned[1] as Uint8Array))).toThrow('no root');
    expect(() => readAuthorities(file(companyCard().certificate))).toThrow('not an authority');
    expect(() => readAuthorities(file(authorityCertificate({ ...moeaca, key: rsaKey(1024) }))))
      .toThrow('weak key');
  });

  it('are whole', () => {
    const pem = pemOf(pinned[0] as Uint8Array, 'CERTIFICATE');
    expect(() => readAuthorities(write('a.pem', pem.replace('MII', '*II')))).toThrow('no certificate');
    expect(() => readAuthorities(write('a.pem', pem.slice(0, -40)))).toThrow('no certificate');
    expect(() => readAuthorities(write('a.pem', pem.slice(0, -40) + pem))).toThrow('no certificate');
    expect(() => readAuthorities(write('a.pem', 'nothing'))).toThrow('no certificate');
  });
});

describe('revocation lists', () => {
  const [ofRoot, ofCompany] = lists as [Uint8Array, Uint8Array];
  const later = () => { now += minute; };

  it('that are new, changed or gone are noticed within half a minute', async () => {
    const files = filesOf(directory);
    expect(await files.lists()).toHaveLength(0);
    write('root.crl', ofRoot);
    expect(await files.lists()).toHaveLength(0);
    later();
    expect(await files.lists()).toHaveLength(1);
    write('root.crl', pemOf(revocationList(root, { revoked: ['aa'] }), 'X509 CRL'));
    later();
    const [changed] = await files.lists();
    expect([...changed?.serialNumbers ?? []]).toEqual(['aa']);
    rmSync(join(directory, 'root.crl'));
    later();
    expect(await files.lists()).toHaveLength(0);
    expect(unreadable).toEqual([]);
  });

  it('that did not change are not read again', async () => {
    write('root.crl', ofRoot);
    const files = filesOf(directory);
    const [first] = await files.lists();
    later();
    expect((await files.lists())[0]).toBe(first);
  });

  it('stay as they were where a file is broken, and the file is named', async () => {
    const file = write('company.crl', ofCompany);
    const files = filesOf(directory);
    const [first] = await files.lists();
    write('company.crl', 'half a list');
    const broken = write('other.crl', revocationList(moica).subarray(1));
    later();
    expect(await files.lists()).toEqual([first]);
    expect(unreadable).toEqual([file, broken]);
  });

  it('stay as they were where the directory is gone for a while', async () => {
    write('company.crl', ofCompany);
    const files = filesOf(directory);
    await files.lists();
    renameSync(directory, `${directory}-away`);
    later();
    expect(await files.lists()).toHaveLength(1);
    renameSync(`${directory}-away`, directory);
    expect(unreadable).toContain(directory);
  });
});
