import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { SealedField } from '../../application/personal-keys.js';
import type { ApplicantKind } from '../../domain/applicants/applicant.events.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { sealedField } from '../sealed.js';
import type { Viewer } from '../viewer.js';
import type { ApplicantRow } from './applicants.projection.js';

/** 申請人基本資料 of NSS102E, sealed: whoever may read it unseals it at the edge. */
export interface ApplicantView {
  readonly applicantId: string;
  readonly kind: ApplicantKind;
  readonly idNumber: SealedField;
  readonly name: SealedField;
  readonly contact: {
    readonly phone: SealedField | null;
    readonly email: SealedField | null;
    readonly address: SealedField | null;
    readonly contactPerson: SealedField | null;
    readonly fax: SealedField | null;
  };
  readonly registeredAt: string;
  readonly changedAt: string;
  /** When the person's keys were destroyed; every sealed field is a tombstone since. */
  readonly erasedAt: string | null;
}

export class FindApplicant extends Query<ApplicantView | null> {
  constructor(readonly asked: { readonly applicantId: string }, readonly viewer: Viewer) { super(); }
}

const sql = 'SELECT a.* FROM read.applicants AS a WHERE a.applicant_id = $1';

@QueryHandler(FindApplicant)
export class FindApplicantHandler implements IQueryHandler<FindApplicant> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked, viewer }: FindApplicant): Promise<ApplicantView | null> {
    const [row] = await this.store.query<ApplicantRow>(viewer, sql, [asked.applicantId]);
    return row ? applicantView(row) : null;
  }
}

function applicantView(row: ApplicantRow): ApplicantView {
  const { stream, registered_fact: eventId, contact_person: person, contact_person_fact: personFact } = row;
  return {
    applicantId: row.applicant_id,
    kind: row.kind,
    idNumber: { token: row.id_number, at: { stream, eventId, field: 'idNumber' } },
    name: { token: row.name, at: { stream, eventId, field: 'name' } },
    contact: {
      phone: sealedField(row.phone, stream, row.phone_fact, 'contact.phone'),
      email: sealedField(row.email, stream, row.email_fact, 'contact.email'),
      address: sealedField(row.address, stream, row.address_fact, 'contact.address'),
      contactPerson: sealedField(person, stream, personFact, 'contact.contactPerson'),
      fax: sealedField(row.fax, stream, row.fax_fact, 'contact.fax'),
    },
    registeredAt: row.registered_at,
    changedAt: row.changed_at,
    erasedAt: row.erased_at,
  };
}
