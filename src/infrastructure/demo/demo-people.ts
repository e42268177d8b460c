import type { Role } from '../../application/command-context.js';
import { nameBasedUuid, namespaceOf } from '../../application/name-based-uuid.js';
import type { ApplicantKind } from '../../domain/applicants/applicant.events.js';
import { postOfficeSavings } from '../../domain/identifiers/account-number.js';
import { madeUpIdNumber, madeUpPostOfficeAccount, madeUpUbn } from './demo-identifiers.js';
import { SeededRandom } from './seeded-random.js';

const demoNamespace = namespaceOf('e5fcb6f9-b5c9-44ec-baa1-309be1f830da');

export interface DemoAccount {
  readonly bankCode: string; readonly accountNumber: string; readonly accountName: string;
}
export interface DemoContact {
  readonly phone: string; readonly email: string; readonly address: string; readonly contactPerson?: string;
}
/** What a payee signs up with; every account receives payments in every demo batch of the same seed. */
export interface DemoApplicant {
  readonly applicantId: string;
  readonly kind: ApplicantKind;
  readonly idNumber: string;
  readonly name: string;
  readonly contact: DemoContact;
  readonly accounts: readonly DemoAccount[];
  /** Of a thousand payments this many go to this payee. */
  readonly perMille: number;
}
export interface DemoPrincipal {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly applicant?: DemoApplicant;
  /** Of an officer, who signs in with a certificate. */
  readonly idNumber?: string;
}

interface Sketch {
  readonly key: string;
  readonly name: string;
  readonly kind: ApplicantKind;
  readonly banks: readonly string[];
  readonly perMille: number;
}

/** Names begin with 測試 or 示範: nobody may take them for somebody. Banks and branches are real. */
const payees: readonly Sketch[] = [
  { key: 'person-1', name: '測試陳小明', kind: 'person', banks: [postOfficeSavings, '0040037'], perMille: 2 },
  { key: 'person-2', name: '測試林小美', kind: 'person', banks: [postOfficeSavings], perMille: 1 },
  {
    key: 'company-1', name: '示範電信股份有限公司', kind: 'company',
    banks: ['0040037', '0050050', '0099689'], perMille: 80,
  },
  { key: 'company-2', name: '示範文具行', kind: 'company', banks: ['8080598'], perMille: 6 },
];
const officers: readonly { readonly key: Role; readonly name: string }[] = [
  { key: 'reviewer', name: '測試審核人員' },
  { key: 'operator', name: '測試支付作業人員' },
  { key: 'auditor', name: '測試稽核人員' },
];

/**
 * The same people for the same seed: payees, among them one very large company, and one officer of each role.
 */
export const demoPeople = (seed: number): readonly DemoPrincipal[] => [
  ...payees.map((sketch) => payeeOf(sketch, seed)),
  ...officers.map((officer, place) => officerOf(officer, place, seed)),
];

const idOf = (seed: number, what: string): string => nameBasedUuid(demoNamespace, `${seed} ${what}`);

function officerOf({ key, name }: (typeof officers)[number], place: number, seed: number): DemoPrincipal {
  const random = new SeededRandom(Math.imul(seed + 1, 0x27d4eb2f) ^ Math.imul(-1 - place, 0x165667b1));
  return { id: idOf(seed, key), name, roles: [key], idNumber: madeUpIdNumber(random) };
}

function payeeOf(sketch: Sketch, seed: number): DemoPrincipal {
  const { key, name, kind, perMille } = sketch;
  const place = payees.indexOf(sketch) + 1;
  const random = new SeededRandom(Math.imul(seed + 1, 0x27d4eb2f) ^ Math.imul(place, 0x165667b1));
  const idNumber = kind === 'person' ? madeUpIdNumber(random) : madeUpUbn(random);
  const accounts = sketch.banks.map((bankCode) => accountOf(bankCode, name, random));
  const applicant = {
    applicantId: idOf(seed, `${key} applicant`), kind, idNumber, name, contact: contactOf(sketch), accounts,
    perMille,
  };
  return { id: idOf(seed, key), name, roles: ['payee'], applicant };
}

/** Numbers begin with the branch, as real ones do. */
function accountOf(bankCode: string, accountName: string, random: SeededRandom): DemoAccount {
  const accountNumber = bankCode === postOfficeSavings
    ? madeUpPostOfficeAccount(random) : bankCode.slice(3, 6) + random.digits(9);
  return { bankCode, accountNumber, accountName };
}

/** `.invalid` reaches nobody; no telephone number in Taiwan begins with 00 behind its area code. */
const contactOf = ({ key, kind }: Sketch): DemoContact => ({
  phone: '02-0000-0000', email: `${key}@demo.invalid`, address: '示範市測試區示範路一段1號',
  ...(kind === 'company' ? { contactPerson: '測試王先生' } : {}),
});
