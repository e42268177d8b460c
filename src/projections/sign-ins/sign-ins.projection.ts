import type { StoredFact } from '../../application/event-log.js';
import type { FactOf } from '../../domain/facts.js';
import type { CertificatePurpose } from '../../domain/identity/certificate-sign-in.events.js';
import type { PasswordPurpose } from '../../domain/identity/sign-in.events.js';
import type { Projection } from '../projection.js';
import { ownRows } from '../viewer.js';

export type SignInResult = 'under-way' | 'accepted' | 'refused' | 'suspended' | 'revoked';

export type SignInMethod = 'card-and-password' | 'certificate';

/** 最近登入記錄, one row per attempt, failures included. Nothing in it names a person. */
export type SignInRow = {
  readonly ordinal: string;
  readonly attempt_id: string;
  readonly person_id: string;
  readonly method: SignInMethod;
  /** Null for a card agent that is not enrolled, and for a certificate. */
  readonly agent_id: string | null;
  readonly purpose: PasswordPurpose | CertificatePurpose;
  readonly result: SignInResult;
  readonly tried_at: string;
  readonly suspended_until: string | null;
};

const sees = [
  'PasswordTried', 'PasswordAccepted', 'PasswordRefused', 'SignInSuspended', 'SignInRevoked',
  'CertificateAccepted', 'CertificateRefused',
] as const;
type Seen = (typeof sees)[number];

export const signIns: Projection<SignInRow, Seen> = {
  name: 'sign_ins',
  version: 3,
  columns: {
    ordinal: 'position', attempt_id: 'uuid', person_id: 'uuid', method: 'code', agent_id: 'uuid',
    purpose: 'code', result: 'code', tried_at: 'instant', suspended_until: 'instant',
  },
  nullable: ['agent_id', 'suspended_until'],
  primaryKey: ['attempt_id'],
  groupColumn: 'attempt_id',
  indexes: { of_person: '(person_id, ordinal DESC)' },
  rowsFor: { person: ownRows.ofPerson('person_id'), staff: 'none' },
  sees,
  groupOf: (fact) => fact.data.attemptId,
  evolve: ([row], fact) => [evolveRow(row, fact)],
};

function evolveRow(row: SignInRow | undefined, fact: StoredFact<FactOf<Seen>>): SignInRow {
  switch (fact.type) {
    case 'PasswordTried': return tried(fact);
    case 'PasswordAccepted': return { ...known(row), result: 'accepted' };
    case 'PasswordRefused': return { ...known(row), result: 'refused' };
    case 'SignInSuspended':
      return { ...known(row), result: 'suspended', suspended_until: fact.data.until };
    case 'SignInRevoked': return { ...known(row), result: 'revoked' };
    case 'CertificateAccepted': return shown(fact, 'accepted', fact.data.acceptedAt);
    case 'CertificateRefused': return shown(fact, 'refused', fact.data.refusedAt);
  }
}

function tried({ data, position }: StoredFact<FactOf<'PasswordTried'>>): SignInRow {
  return {
    ordinal: position, attempt_id: data.attemptId, person_id: data.personId, method: 'card-and-password',
    agent_id: data.agentId ?? null, purpose: data.purpose, result: 'under-way', tried_at: data.triedAt,
    suspended_until: null,
  };
}

type Shown = StoredFact<FactOf<'CertificateAccepted' | 'CertificateRefused'>>;

/** Judged in one go: there is no time at which it is under way. */
function shown({ data, position }: Shown, result: SignInResult, at: string): SignInRow {
  return {
    ordinal: position, attempt_id: data.attemptId, person_id: data.personId, method: 'certificate',
    agent_id: null, purpose: data.purpose, result, tried_at: at, suspended_until: null,
  };
}

function known(row: SignInRow | undefined): SignInRow {
  if (!row) throw new Error('a password was judged that nobody had tried');
  return row;
}
