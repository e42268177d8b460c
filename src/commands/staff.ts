import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import type { AppendMeta } from '../application/event-log.js';
import type { Outcome } from '../application/handle.js';
import { addToStaffList, removeFromStaffList } from '../application/identity/staff-changes.js';
import type { StaffListParts } from '../application/identity/staff-list.js';
import { staffMembers } from '../application/identity/staff-list.js';
import type { StaffListRefusal } from '../domain/identity/staff-list.js';
import { staffRoles } from '../domain/identity/staff-list.events.js';
import { personNamedIn } from '../infrastructure/identity/certificates/named-certificate.js';
import type { Values } from './command-line.js';
import { WrongUse, fromWhereCalled, runCommandLine } from './command-line.js';
import { withParts } from './with-parts.js';

const help = `人員名冊：以自然人憑證登入的審核、支付作業與稽核人員。
The staff list: who signs in with a 自然人憑證 as reviewer, operator or auditor.

  npm run staff -- list
  npm run staff -- add --certificate FILE --roles operator[,reviewer,auditor]
  npm run staff -- remove --member ID

add       自標準輸入讀取身分證號；名冊已有支付作業人員時，須由其於系統內新增。
          Reads the ID number from standard input. Once the list has an operator, operators add each other
          in the service: nobody may add themselves.
remove    即時生效 / takes effect at once
DATABASE_URL, MASTER_KEY   不設定時使用內嵌的資料庫 / the embedded database when unset

結束碼 / exit code: 0 完成 / done, 1 未完成 / not done`;

/** Whoever may do this holds the database and the key to it, and is known to the machine's own log. */
const actor = 'command-line';

await runCommandLine({
  help,
  options: { certificate: { type: 'string' }, roles: { type: 'string' }, member: { type: 'string' } },
  run: async (values, [verb, ...more]) => {
    if (more.length > 0) throw new WrongUse('多餘的參數。 Too many arguments.');
    if (verb === 'list') return withParts(list);
    if (verb === 'add') return add(values);
    if (verb === 'remove') return remove(values);
    throw new WrongUse('請指定 list、add 或 remove。 Name one of list, add, remove.');
  },
});

async function list(parts: StaffListParts): Promise<number> {
  for (const { memberId, roles, name, addedBy, addedAt } of await staffMembers(parts)) {
    console.log(`${memberId}  ${name}  ${roles.join(',')}  ${addedAt}  by ${addedBy}`);
  }
  return 0;
}

async function add({ certificate: file, roles: named }: Values): Promise<number> {
  if (typeof file !== 'string' || typeof named !== 'string') {
    throw new WrongUse('請指定 --certificate 與 --roles。 Give --certificate and --roles.');
  }
  const wanted = named.split(',');
  const roles = staffRoles.filter((role) => wanted.includes(role));
  if (roles.length !== wanted.length) throw new WrongUse(`角色有誤 / roles are ${staffRoles.join(', ')}`);
  const certificate = personNamedIn(readFileSync(fromWhereCalled(file)), await askIdNumber());
  if (typeof certificate === 'string') throw new Error(`憑證與身分證號不符 / certificate refused: ${certificate}`);
  const { subject: { idNumber, name } } = certificate;
  const memberId = randomUUID();
  const member = { memberId, certificate, idNumber, name, roles };
  const adder = { through: 'command-line' as const, by: actor, isOwn: async () => false };
  const outcome = await withParts((parts) => addToStaffList(parts, member, adder, meta(memberId)));
  return report(outcome, memberId);
}

async function remove({ member }: Values): Promise<number> {
  if (typeof member !== 'string') throw new WrongUse('請指定 --member。 Give --member.');
  return report(await withParts((parts) => removeFromStaffList(parts, member, meta(member))), member);
}

/** Not an option of the command: those stand in the shell's history and in the list of processes. */
async function askIdNumber(): Promise<string> {
  const input = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await input.question('身分證號 / ID number: ')).trim().toUpperCase();
  } finally {
    input.close();
  }
}

function meta(memberId: string): AppendMeta {
  const fingerprint = createHash('sha256').update(memberId).digest('base64url');
  return { commandId: randomUUID(), fingerprint, by: actor, at: new Date().toISOString() };
}

function report(outcome: Outcome<StaffListRefusal>, memberId: string): number {
  if (outcome.outcome === 'done') {
    console.log(memberId);
    return 0;
  }
  console.error(outcome.outcome === 'refused' ? `未完成 / refused: ${outcome.code}`
    : `結果未明 / unknown: ${outcome.cause}`);
  return 1;
}
