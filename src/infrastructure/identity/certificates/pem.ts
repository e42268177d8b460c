import { strictBase64 } from '../strict-base64.js';

const block = /-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \1-----/g;

/** The blocks of that label in PEM, or the bytes themselves. Null where a block is broken. */
export function derOf(file: Buffer, label: 'CERTIFICATE' | 'X509 CRL'): readonly Buffer[] | null {
  const text = file.toString('latin1');
  if (!text.includes('-----BEGIN ')) return [file];
  const blocks = [...text.matchAll(block)].filter(([, kind]) => kind === label);
  if (blocks.length !== text.split(`-----BEGIN ${label}-----`).length - 1) return null;
  const found = blocks.map(([, , body = '']) => strictBase64(body.replace(/\s/g, '')));
  return found.every((der) => der !== null) ? found : null;
}

export function pemOf(der: Uint8Array, label: 'CERTIFICATE' | 'X509 CRL'): string {
  const lines = Buffer.from(der).toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
