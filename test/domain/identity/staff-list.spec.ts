import type {
  StaffMemberAdded, StaffMemberRemoved,
} from '../../../src/domain/identity/staff-list.events.js';
import type { AddStaffMember, RemoveStaffMember } from '../../../src/domain/identity/staff-list.js';
import { staffListDecider } from '../../../src/domain/identity/staff-list.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(staffListDecider);
const at = '2026-11-22T03:04:05.678Z';
const nobody = { comparedWith: [], isListed: false };

const add = (changes: Partial<AddStaffMember> = {}): AddStaffMember => ({
  type: 'AddStaffMember', memberId: 'lin', certificate: 'issuer 0a', idNumber: 'A123456789', name: '測試林審核',
  roles: ['reviewer'], comparison: nobody, through: 'operator', by: 'chen', isOwn: false, at, ...changes,
});
const added = (changes: Partial<StaffMemberAdded['data']> = {}): StaffMemberAdded => ({
  type: 'StaffMemberAdded',
  data: {
    memberId: 'lin', certificate: { plain: 'issuer 0a' }, idNumber: { plain: 'A123456789' },
    name: { plain: '測試林審核' }, roles: ['reviewer'], addedBy: 'chen', addedAt: at, ...changes,
  },
});
const remove = (changes: Partial<RemoveStaffMember> = {}): RemoveStaffMember =>
  ({ type: 'RemoveStaffMember', memberId: 'lin', by: 'chen', at, ...changes });
const removed = (): StaffMemberRemoved =>
  ({ type: 'StaffMemberRemoved', data: { memberId: 'lin', removedBy: 'chen', removedAt: at } });
const operator = added({ memberId: 'wang', roles: ['operator'] });
const knowing = (...comparedWith: string[]) => ({ comparison: { comparedWith, isListed: false } });

describe('adding to the staff list', () => {
  it('is recorded with who added, and with the roles in one order, each once', () => {
    given().when(add()).thenFacts(added());
    given().when(add({ roles: ['auditor', 'reviewer', 'auditor'] }))
      .thenFacts(added({ roles: ['reviewer', 'auditor'] }));
  });

  it('says nothing when the same is added again', () => given(added()).when(add()).thenNothing());

  it('refuses whoever adds themselves', () =>
    given(operator).when(add({ isOwn: true, ...knowing('wang') })).thenRefused('staff/same-person'));

  it('refuses a member without a role, and one without a name', () => {
    given().when(add({ roles: [] })).thenRefused('staff/roles-required');
    given().when(add({ name: ' ' })).thenRefused('staff/name-required');
  });

  it('refuses a certificate or a person that is on the list', () =>
    given(operator).when(add({ comparison: { comparedWith: ['wang'], isListed: true } }))
      .thenRefused('staff/already-listed'));

  it('refuses while somebody is on the list whom nobody compared with', () => {
    given(operator).when(add()).thenRefused('staff/list-changed');
    given(operator).when(add(knowing('wang'))).thenFacts(added());
    given(added({ memberId: 'old' }), { ...removed(), data: { ...removed().data, memberId: 'old' } })
      .when(add()).thenFacts(added());
  });

  it('is possible again for who was removed, as a new entry', () => {
    given(added(), removed()).when(add()).thenRefused('staff/removed');
    given(added(), removed()).when(add({ memberId: 'lin-2' })).thenFacts(added({ memberId: 'lin-2' }));
  });
});

describe('adding from the command line', () => {
  const first = { through: 'command-line', by: 'command-line' } as const;

  it('begins a list, and goes on until there is an operator', () => {
    given().when(add({ ...first, roles: ['operator'] }))
      .thenFacts(added({ roles: ['operator'], addedBy: 'command-line' }));
    given(added({ memberId: 'wu' })).when(add({ ...first, ...knowing('wu') }))
      .thenFacts(added({ addedBy: 'command-line' }));
  });

  it('refuses once there is one', () =>
    given(operator).when(add({ ...first, ...knowing('wang') })).thenRefused('staff/has-operators'));

  it('is possible again when the last operator was removed', () =>
    given(added({ roles: ['operator'] }), removed()).when(add({ ...first, memberId: 'wu' }))
      .thenFacts(added({ memberId: 'wu', addedBy: 'command-line' })));
});

describe('removing from the staff list', () => {
  it('is recorded with who removed', () => given(added()).when(remove()).thenFacts(removed()));
  it('says nothing when already removed', () => given(added(), removed()).when(remove()).thenNothing());
  it('refuses whoever is not on it', () => given().when(remove()).thenRefused('staff/unknown'));
});
