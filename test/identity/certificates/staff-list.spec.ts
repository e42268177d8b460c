import { randomUUID } from 'node:crypto';
import type { NewStaffMember } from '../../../src/application/identity/staff-changes.js';
import { addToStaffList, removeFromStaffList } from '../../../src/application/identity/staff-changes.js';
import {
  staffMembers, staffMemberWith, staffRolesOf,
} from '../../../src/application/identity/staff-list.js';
import { DomainEventLog } from '../../../src/infrastructure/event-store/domain-event-log.js';
import { MemoryEventStore } from '../../../src/infrastructure/event-store/memory/memory-event-store.js';
import { InMemoryKeyTable } from '../../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';

const at = '2026-11-22T03:04:05.678Z';
const by = '7c1d2b8e-90c4-4f7b-8a35-5f4a1c2e9d10';
const metaOf = () => ({ commandId: randomUUID(), fingerprint: 'f', by, at });
const idOf = (n: number): string => `5d0e7b16-3c52-4f1e-8a77-90b1c4d2e60${n}`;

function world() {
  const store = new MemoryEventStore();
  const keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
  return { store, keys, log: new DomainEventLog(store, keys) };
}
const member = (n: number, changes: Partial<NewStaffMember> = {}): NewStaffMember => ({
  memberId: idOf(n), certificate: { issuer: 'MEcx', serialNumber: `0${n}` }, idNumber: `A12345678${n}`,
  name: `測試人員${n}`, roles: ['reviewer'], ...changes,
});
const operator = { through: 'operator' as const, by, isOwn: async () => false };

describe('the staff list', () => {
  it('finds who holds exactly this certificate and this ID number', async () => {
    const parts = world();
    for (const n of [1, 2]) await addToStaffList(parts, member(n), operator, metaOf());
    const found = (serialNumber: string, idNumber: string, issuer = 'MEcx') =>
      staffMemberWith(parts, { issuer, serialNumber }, idNumber);
    expect(await found('02', 'A123456782')).toMatchObject({ memberId: idOf(2), roles: ['reviewer'] });
    expect(await found('02', 'A123456781')).toBeNull();
    expect(await found('03', 'A123456782')).toBeNull();
    expect(await found('02', 'A123456782', 'MEcy')).toBeNull();
  });

  it('gives no role any more to whoever was removed', async () => {
    const parts = world();
    await addToStaffList(parts, member(1), operator, metaOf());
    expect(await staffRolesOf(parts, idOf(1))).toEqual(['reviewer']);
    expect(await removeFromStaffList(parts, idOf(1), metaOf())).toMatchObject({ outcome: 'done' });
    expect(await staffRolesOf(parts, idOf(1))).toEqual([]);
    expect(await staffMembers(parts)).toEqual([]);
    expect(await staffMemberWith(parts, member(1).certificate, member(1).idNumber)).toBeNull();
  });

  it('refuses the same certificate and the same person twice', async () => {
    const parts = world();
    await addToStaffList(parts, member(1), operator, metaOf());
    const same = [{ certificate: member(1).certificate }, { idNumber: member(1).idNumber }];
    for (const changes of same) {
      expect(await addToStaffList(parts, member(2, changes), operator, metaOf()))
        .toEqual({ outcome: 'refused', code: 'staff/already-listed' });
    }
  });

  it('refuses whoever adds their own ID number', async () => {
    const asked: string[] = [];
    const adder = { ...operator, isOwn: async (idNumber: string) => asked.push(idNumber) > 0 };
    expect(await addToStaffList(world(), member(1), adder, metaOf()))
      .toEqual({ outcome: 'refused', code: 'staff/same-person' });
    expect(asked).toEqual([member(1).idNumber]);
  });

  it('lets in one of several entries for the same person that are made at once', async () => {
    const parts = world();
    const outcomes = await Promise.all([1, 2, 3, 4].map((n) =>
      addToStaffList(parts, member(n, { idNumber: 'A123456789' }), operator, metaOf())));
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(await staffMembers(parts)).toHaveLength(1);
  });

  it('answers the same command the same way, and adds nothing to the list', async () => {
    const parts = world();
    const meta = metaOf();
    await addToStaffList(parts, member(1), operator, meta);
    expect(await addToStaffList(parts, member(1), operator, meta)).toMatchObject({ outcome: 'done' });
    expect(await staffMembers(parts)).toHaveLength(1);
  });

  it('stores neither certificate nor ID number nor name in clear', async () => {
    const parts = world();
    await addToStaffList(parts, member(1), operator, metaOf());
    for await (const { payload, metadata } of parts.store.readAll('0')) {
      const stored = payload + metadata;
      for (const secret of ['MEcx', 'A123456781', '測試人員']) expect(stored).not.toContain(secret);
    }
  });

  it('finds nobody by an entry whose key was destroyed', async () => {
    const parts = world();
    await addToStaffList(parts, member(1), operator, metaOf());
    await parts.keys.destroy(idOf(1));
    expect(await staffMemberWith(parts, member(1).certificate, member(1).idNumber)).toBeNull();
    expect(await staffMemberWith(parts, { issuer: '', serialNumber: '' }, '')).toBeNull();
  });
});
