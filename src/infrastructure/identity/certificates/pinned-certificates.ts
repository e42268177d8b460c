import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Authorities, isAuthority, isRoot } from './authorities.js';
import type { Certificate } from './certificate.js';
import { readCertificate } from './certificate.js';
import { derOf } from './pem.js';

/**
 * Roots and the authorities below them, from a file or from all files of a directory. What is wrong with them
 * is told at the start: nobody should find out at the first sign-in.
 */
export function readAuthorities(path: string): Authorities {
  const certificates = filesAt(path).flatMap(certificatesIn);
  if (!certificates.some(isRoot)) throw new Error(`${path}: 沒有根憑證 / holds no root certificate`);
  return new Authorities(certificates);
}

/** A path names one file, or a directory of them. Names with a dot in front are somebody else's. */
export function filesAt(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).filter((name) => !name.startsWith('.')).sort().map((name) => join(path, name))
    .filter((file) => statSync(file).isFile());
}

function certificatesIn(file: string): readonly Certificate[] {
  const blocks = derOf(readFileSync(file), 'CERTIFICATE');
  const certificates = blocks?.map(readCertificate) ?? [null];
  return certificates.map((certificate) => {
    if (certificate === null) throw new Error(`${file}: 不是憑證 / is no certificate`);
    if (!isAuthority(certificate)) {
      throw new Error(`${file}: 不是憑證機構的憑證，或金鑰過弱 / is not an authority's, or of a weak key`);
    }
    return certificate;
  });
}
