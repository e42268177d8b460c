import type { StoredFact } from '../../application/event-log.js';
import type { ApplicantKind, ContactData } from '../../domain/applicants/applicant.events.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';
import { tokenOf } from '../sealed.js';
import { ownRows } from '../viewer.js';

/** 申請人基本資料. Each contact field stands beside the fact it came in, for it opens nowhere else. */
export type ApplicantRow = {
  readonly applicant_id: string;
  readonly registered_fact: string;
  readonly phone_fact: string | null;
  readonly email_fact: string | null;
  readonly address_fact: string | null;
  readonly contact_person_fact: string | null;
  readonly fax_fact: string | null;
  readonly stream: string;
  readonly kind: ApplicantKind;
  readonly id_number: string;
  readonly name: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly contact_person: string | null;
  readonly fax: string | null;
  readonly registered_at: string;
  readonly changed_at: string;
  readonly erased_at: string | null;
};

const sees = ['ApplicantRegistered', 'ApplicantContactChanged', 'ApplicantErased'] as const;
type Seen = (typeof sees)[number];

export const applicants: Projection<ApplicantRow, Seen> = {
  name: 'applicants',
  version: 1,
  columns: {
    applicant_id: 'uuid', registered_fact: 'uuid',
    phone_fact: 'uuid', email_fact: 'uuid', address_fact: 'uuid', contact_person_fact: 'uuid',
    fax_fact: 'uuid',
    stream: 'code', kind: 'code', id_number: 'sealed', name: 'sealed',
    phone: 'sealed', email: 'sealed', address: 'sealed', contact_person: 'sealed', fax: 'sealed',
    registered_at: 'instant', changed_at: 'instant', erased_at: 'instant',
  },
  nullable: [
    'phone_fact', 'email_fact', 'address_fact', 'contact_person_fact', 'fax_fact',
    'phone', 'email', 'address', 'contact_person', 'fax', 'erased_at',
  ],
  primaryKey: ['applicant_id'],
  groupColumn: 'applicant_id',
  indexes: {},
  rowsFor: { person: ownRows.ofApplicant('applicant_id'), staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.applicantId,
  evolve: ([row], fact) => [evolveRow(row, fact)],
};

function evolveRow(row: ApplicantRow | undefined, fact: StoredFact<FactOf<Seen>>): ApplicantRow {
  switch (fact.type) {
    case 'ApplicantRegistered': return registered(fact);
    case 'ApplicantContactChanged':
      return {
        ...known(row), ...contactColumns(fact.data.contact, fact.id), changed_at: fact.data.changedAt,
      };
    // The ciphertexts stay: with the key destroyed they read as tombstones, here as in the log.
    case 'ApplicantErased':
      return { ...known(row), changed_at: fact.data.erasedAt, erased_at: fact.data.erasedAt };
  }
}

function registered({ data, id, stream }: StoredFact<FactOf<'ApplicantRegistered'>>): ApplicantRow {
  return {
    applicant_id: data.applicantId, registered_fact: id,
    phone_fact: null, email_fact: null, address_fact: null, contact_person_fact: null, fax_fact: null,
    stream, kind: data.kind, id_number: tokenOf(data.idNumber),
    name: tokenOf(data.name), phone: null, email: null, address: null, contact_person: null, fax: null,
    registered_at: data.registeredAt, changed_at: data.registeredAt, erased_at: null,
  };
}

/** Fields the change does not name stay as they were. */
function contactColumns(contact: ContactData, id: string): Partial<ApplicantRow> {
  const { phone, email, address, contactPerson, fax } = contact;
  return {
    ...(phone && { phone: tokenOf(phone), phone_fact: id }),
    ...(email && { email: tokenOf(email), email_fact: id }),
    ...(address && { address: tokenOf(address), address_fact: id }),
    ...(contactPerson && { contact_person: tokenOf(contactPerson), contact_person_fact: id }),
    ...(fax && { fax: tokenOf(fax), fax_fact: id }),
  };
}

function known(row: ApplicantRow | undefined): ApplicantRow {
  if (!row) throw new Error('an applicant changed who was never registered');
  return row;
}
