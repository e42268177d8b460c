import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import type { StaffListFact, StaffRole } from './staff-list.events.js';
import { staffRoles } from './staff-list.events.js';

/**
 * What the rules cannot see, for it is sealed: whoever gives the command opened the entries and compared.
 * `comparedWith` says which ones, so that an entry made meanwhile is noticed.
 */
export interface Comparison {
  readonly comparedWith: readonly string[];
  /** One of them has the same certificate or the same ID number. */
  readonly isListed: boolean;
}

export interface AddStaffMember {
  readonly type: 'AddStaffMember';
  readonly memberId: string;
  readonly certificate: string;
  readonly idNumber: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly comparison: Comparison;
  /** Whoever stands at the machine can only begin a list; from then on operators add each other. */
  readonly through: 'command-line' | 'operator';
  readonly by: string;
  /** The ID number is that of who adds. */
  readonly isOwn: boolean;
  readonly at: string;
}
export interface RemoveStaffMember {
  readonly type: 'RemoveStaffMember'; readonly memberId: string; readonly by: string; readonly at: string;
}
export type StaffListCommand = AddStaffMember | RemoveStaffMember;

export const staffListRefusals = [
  'staff/unknown', 'staff/removed', 'staff/roles-required', 'staff/name-required', 'staff/same-person',
  'staff/already-listed', 'staff/has-operators', 'staff/list-changed',
] as const;
export type StaffListRefusal = (typeof staffListRefusals)[number];
type StaffListDecision = Decision<StaffListFact, StaffListRefusal>;

/** Members by id; null for one that was removed. */
export interface StaffListState { readonly members: ReadonlyMap<string, readonly StaffRole[] | null> }

export function evolve({ members }: StaffListState, fact: StaffListFact): StaffListState {
  const { memberId } = fact.data;
  switch (fact.type) {
    case 'StaffMemberAdded': return { members: new Map([...members, [memberId, fact.data.roles]]) };
    case 'StaffMemberRemoved': return { members: new Map([...members, [memberId, null]]) };
  }
}

export function decide(command: StaffListCommand, state: StaffListState): StaffListDecision {
  switch (command.type) {
    case 'AddStaffMember': return add(command, state);
    case 'RemoveStaffMember': return remove(command, state);
  }
}

export const staffListDecider: Decider<StaffListCommand, StaffListState, StaffListFact, StaffListRefusal> =
  { initial: { members: new Map() }, evolve, decide };

/** Four eyes: nobody adds themselves, be it by a second card. */
function add(command: AddStaffMember, { members }: StaffListState): StaffListDecision {
  const { memberId, certificate, idNumber, name, comparison, by: addedBy, at: addedAt } = command;
  const known = members.get(memberId);
  if (known !== undefined) return known === null ? refuse('staff/removed') : [];
  const roles = staffRoles.filter((role) => command.roles.includes(role));
  if (roles.length === 0) return refuse('staff/roles-required');
  if (name.trim() === '') return refuse('staff/name-required');
  if (command.isOwn) return refuse('staff/same-person');
  const active = [...members].filter(([, held]) => held !== null);
  if (active.some(([id]) => !comparison.comparedWith.includes(id))) return refuse('staff/list-changed');
  if (comparison.isListed) return refuse('staff/already-listed');
  const hasOperators = active.some(([, held]) => held?.includes('operator'));
  if (command.through === 'command-line' && hasOperators) return refuse('staff/has-operators');
  const personal = {
    certificate: { plain: certificate }, idNumber: { plain: idNumber }, name: { plain: name },
  };
  return [{ type: 'StaffMemberAdded', data: { memberId, ...personal, roles, addedBy, addedAt } }];
}

/** Oneself too: giving up rights needs no second pair of eyes. */
function remove({ memberId, by, at }: RemoveStaffMember, { members }: StaffListState): StaffListDecision {
  const roles = members.get(memberId);
  if (roles === undefined) return refuse('staff/unknown');
  if (roles === null) return [];
  return [{ type: 'StaffMemberRemoved', data: { memberId, removedBy: by, removedAt: at } }];
}
