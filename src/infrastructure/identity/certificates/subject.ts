import { isUbn } from '../../../domain/identifiers/ubn.js';
import type { CertificateSubject } from '../../../application/identity/verified-certificate.js';
import type { Certificate } from './certificate.js';
import type { Element } from './der.js';
import { readWhole } from './der.js';
import type { NameAttribute } from './der-values.js';
import { textOf } from './der-values.js';

export const subjectProblems = [
  'subject/unknown-kind', 'subject/wrong-authority', 'subject/unreadable', 'subject/ubn-mismatch',
  'subject/invalid-ubn', 'subject/id-number-mismatch',
] as const;
export type SubjectProblem = (typeof subjectProblems)[number];

const attributes = {
  cardRank: '2.16.886.1.100.2.2', lastFour: '2.16.886.1.100.2.51', ubn: '2.16.886.1.100.2.101',
} as const;
const names = { commonName: '2.5.4.3', serialNumber: '2.5.4.5', organization: '2.5.4.10', unit: '2.5.4.11' };

/** Both stand below the same root: neither may speak for those of the other. Its generation may follow. */
const authorityUnits = { company: '工商憑證管理中心', person: '內政部憑證管理中心' } as const;

/** Null for one that does not stand there exactly once, or is no text. */
function onlyText(elements: readonly Element[] | undefined): string | null {
  const [element, ...others] = elements ?? [];
  if (!element || others.length > 0) return null;
  return readWhole(element.encoded, (outer) => textOf(outer.any()));
}

const named = (list: readonly NameAttribute[], type: string): readonly Element[] =>
  list.filter((attribute) => attribute.type === type).map(({ value }) => value);

const isIssuedBy = ({ issuerAttributes }: Certificate, unit: string): boolean =>
  named(issuerAttributes, names.unit).some((element) => onlyText([element])?.startsWith(unit));

/** Whom the certificate names. `idNumber` is what the person typed: the certificate confirms its end only. */
export function subjectOf(
  certificate: Certificate, idNumber: string | null,
): CertificateSubject | SubjectProblem {
  const isCompany = certificate.directoryAttributes.has(attributes.ubn);
  const isPerson = certificate.directoryAttributes.has(attributes.lastFour);
  if (isCompany === isPerson) return 'subject/unknown-kind';
  const kind = isCompany ? 'company' : 'person';
  if (!isIssuedBy(certificate, authorityUnits[kind])) return 'subject/wrong-authority';
  return isCompany ? companyOf(certificate) : personOf(certificate, idNumber);
}

/** By the profile the number is no part of the name; real certificates have it there: it must be the same. */
function companyOf(certificate: Certificate): CertificateSubject | SubjectProblem {
  const { directoryAttributes, subjectAttributes } = certificate;
  const ubn = onlyText(directoryAttributes.get(attributes.ubn));
  const name = onlyText(named(subjectAttributes, names.organization));
  if (ubn === null || name === null) return 'subject/unreadable';
  const numbers = named(subjectAttributes, names.serialNumber);
  if (numbers.length > 0 && onlyText(numbers) !== ubn) return 'subject/ubn-mismatch';
  if (!isUbn(ubn)) return 'subject/invalid-ubn';
  return { kind: 'company', ubn, name, cardRank: onlyText(directoryAttributes.get(attributes.cardRank)) };
}

function personOf(
  { directoryAttributes, subjectAttributes }: Certificate, idNumber: string | null,
): CertificateSubject | SubjectProblem {
  const lastFour = onlyText(directoryAttributes.get(attributes.lastFour));
  const name = onlyText(named(subjectAttributes, names.commonName));
  if (lastFour === null || name === null || !/^\d{4}$/.test(lastFour)) return 'subject/unreadable';
  if (idNumber === null || idNumber.slice(-lastFour.length) !== lastFour) return 'subject/id-number-mismatch';
  return { kind: 'person', idNumber, name };
}
