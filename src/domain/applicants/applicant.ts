import type { Decider, Decision, Personal } from '../decider.js';
import { refuse } from '../decider.js';
import { isIdNumber } from '../identifiers/id-number.js';
import { isUbn } from '../identifiers/ubn.js';
import { isBlank } from '../plain-words.js';
import { isPrintable } from '../printable-text.js';
import { taipeiDate } from '../roc-date.js';
import type { ApplicantFact, ApplicantKind, ContactData } from './applicant.events.js';

/** Commands carry plain text because they are never stored; their facts carry it as personal fields. */
export interface RegisterApplicant {
  readonly type: 'RegisterApplicant';
  readonly applicantId: string;
  readonly kind: ApplicantKind;
  /** A person's 身分證 or 統一證號, a company's 營利事業統一編號. */
  readonly idNumber: string;
  readonly name: string;
  readonly at: string;
}
/** Only the fields given change; an empty one is cleared. */
export interface ChangeContact {
  readonly type: 'ChangeContact';
  readonly applicantId: string;
  readonly changeId: string;
  readonly contact: { readonly [Field in keyof ContactData]?: string };
  readonly by: string;
  readonly at: string;
}
export interface EraseApplicant {
  readonly type: 'EraseApplicant'; readonly applicantId: string; readonly by: string; readonly at: string;
}
export type ApplicantCommand = RegisterApplicant | ChangeContact | EraseApplicant;

export const applicantRefusals = [
  'applicant/unknown', 'applicant/erased', 'applicant/already-registered', 'applicant/invalid-id-number',
  'applicant/name-required', 'applicant/unprintable-name', 'applicant/nothing-to-change',
] as const;
export type ApplicantRefusal = (typeof applicantRefusals)[number];
export type ApplicantDecision = Decision<ApplicantFact, ApplicantRefusal>;

export type ApplicantState =
  | { readonly status: 'none' }
  | { readonly status: 'registered'; readonly kind: ApplicantKind; readonly changes: readonly string[] }
  | { readonly status: 'erased' };

export function evolve(state: ApplicantState, fact: ApplicantFact): ApplicantState {
  switch (fact.type) {
    case 'ApplicantRegistered': return { status: 'registered', kind: fact.data.kind, changes: [] };
    case 'ApplicantContactChanged':
      if (state.status !== 'registered') return state;
      return { ...state, changes: [...state.changes, fact.data.changeId] };
    case 'ApplicantErased': return { status: 'erased' };
  }
}

export function decide(command: ApplicantCommand, state: ApplicantState): ApplicantDecision {
  switch (command.type) {
    case 'RegisterApplicant': return register(command, state);
    case 'ChangeContact': return changeContact(command, state);
    case 'EraseApplicant': return erase(command, state);
  }
}

export const applicantDecider: Decider<ApplicantCommand, ApplicantState, ApplicantFact, ApplicantRefusal> = {
  initial: { status: 'none' }, evolve, decide,
};

function register(command: RegisterApplicant, state: ApplicantState): ApplicantDecision {
  const { applicantId, kind, idNumber, name, at } = command;
  if (state.status === 'erased') return refuse('applicant/erased');
  if (state.status === 'registered') return state.kind === kind ? [] : refuse('applicant/already-registered');
  const valid = kind === 'company' ? isUbn(idNumber) : isIdNumber(idNumber, taipeiDate(at));
  if (!valid) return refuse('applicant/invalid-id-number');
  if (isBlank(name)) return refuse('applicant/name-required');
  if (!isPrintable(name)) return refuse('applicant/unprintable-name');
  const personal = { idNumber: { plain: idNumber }, name: { plain: name } };
  return [{ type: 'ApplicantRegistered', data: { applicantId, kind, ...personal, registeredAt: at } }];
}

function changeContact(command: ChangeContact, state: ApplicantState): ApplicantDecision {
  if (state.status === 'none') return refuse('applicant/unknown');
  if (state.status === 'erased') return refuse('applicant/erased');
  const { applicantId, changeId, by, at } = command;
  if (state.changes.includes(changeId)) return [];
  const contact = personalContact(command.contact);
  if (Object.keys(contact).length === 0) return refuse('applicant/nothing-to-change');
  const changed = { applicantId, changeId, contact, changedBy: by, changedAt: at };
  return [{ type: 'ApplicantContactChanged', data: changed }];
}

const contactFields: readonly (keyof ContactData)[] = ['phone', 'email', 'address', 'contactPerson', 'fax'];

function personalContact(given: ChangeContact['contact']): ContactData {
  const contact: { -readonly [Field in keyof ContactData]: Personal } = {};
  for (const field of contactFields) {
    const plain = given[field];
    if (plain !== undefined) contact[field] = { plain };
  }
  return contact;
}

/** Who is erased stays erased: nothing afterwards may be sealed under a key that is gone. */
function erase({ applicantId, by, at }: EraseApplicant, state: ApplicantState): ApplicantDecision {
  if (state.status === 'none') return refuse('applicant/unknown');
  if (state.status === 'erased') return [];
  return [{ type: 'ApplicantErased', data: { applicantId, erasedBy: by, erasedAt: at } }];
}
