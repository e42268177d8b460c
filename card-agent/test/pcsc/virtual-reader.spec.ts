import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readNhiCard } from '../../src/nhi/read-nhi-card.js';
import { PcscReader } from '../../src/pcsc/pcsc-reader.js';
import type { Rig } from '../../src/virtual/rig.js';
import { insert, remove } from '../../src/virtual/rig.js';
import { cycles, pulls, restarts, silence, swaps, swapsUnseen } from '../../src/virtual/stress.js';
import { ming, people } from '../support/people.js';
import { built, closeRig, describeWithReader, impatient, openRig } from '../support/reader-stack.js';
import { startAgent } from '../support/running-agent.js';

const program = join(__dirname, '..', '..', 'bin', 'card-agent.mjs');
const command = (...words: string[]) =>
  promisify(execFile)(process.execPath, [program, ...words], { env: process.env });

describeWithReader('a virtual card in a real pcscd', () => {
  let rig: Rig;
  let port: number;
  beforeAll(async () => {
    rig = await openRig(impatient);
    port = rig.pcscd.slots[0] ?? 0;
  });
  afterAll(() => closeRig(rig));

  it('is read, of both generations, however often cards go in and out', async () => {
    expect(await cycles(rig, 16)).toMatchObject({ read: 16, wrong: 0, bindingReplaced: 0 });
  });

  it('is attested by the service after the person said yes', async () => {
    const agent = await startAgent({ reader: rig.reader });
    await insert(rig, port, 0);
    const asked = agent.attest();
    expect((await agent.consent()).json).toEqual({ outcome: 'done' });
    expect((await asked).json['attestation'])
      .toMatchObject({ cardPayload: ming.payload.toString('base64'), cardStatus: '1' });
    await remove(rig, port);
    await agent.close();
  });

  it('is shown to its holder by the command line', async () => {
    await insert(rig, port, 0);
    const status = JSON.parse((await command('status', '--json')).stdout) as { readers: { card: string }[] };
    expect(status.readers.map(({ card }) => card)).toEqual(['present', 'absent']);
    const read = JSON.parse((await command('read', '--json')).stdout) as { idNumber: string };
    expect(read.idNumber).toBe(people[0]?.idNumber);
    await remove(rig, port);
  });

  it('is refused beside a second one', async () => {
    await insert(rig, port, 0);
    await insert(rig, rig.pcscd.slots[1] ?? 0, 1);
    await expect(readNhiCard(rig.reader)).rejects.toMatchObject({ code: 'several-cards' });
    await remove(rig, port);
    await remove(rig, rig.pcscd.slots[1] ?? 0);
    await expect(readNhiCard(rig.reader)).rejects.toMatchObject({ code: 'card-missing' });
  });

  it('gives no data when pulled in the middle of any command, and the next card is read', async () => {
    expect(await pulls(rig, 8)).toMatchObject({ read: 0, wrong: 0, afterwards: 8 });
  });

  it('is never taken for the one that was swapped for it, at any command', async () => {
    expect(await swaps(rig, 8)).toMatchObject({ wrong: 0, afterwards: 8 });
  });

  it('is never taken for the one before it, though nobody heard that one go', async () => {
    expect(await swapsUnseen(rig, 2)).toMatchObject({ wrong: 0, within: 2, withinRefused: 2 });
  });

  it('is given up when silent, and the service lives on', async () => {
    const figures = await silence(rig, 4000);
    expect(figures).toMatchObject({ wrong: 0, readAfter: 1 });
    expect(figures['cardSilent']).toBe(figures['asked']);
    expect(figures['slowestAnswerMs']).toBeLessThan(6000);
  });

  it('is read again after pcscd was killed, and after it was stopped', async () => {
    expect(await restarts(rig, 2)).toMatchObject({ restarts: 2, refusedWhileDown: 2, readAfter: 2 });
  });
});

describe('without PC/SC', () => {
  it('the agent says so, and does not fall over', async () => {
    const socket = process.env['PCSCLITE_CSOCK_NAME'];
    process.env['PCSCLITE_CSOCK_NAME'] = '/nonexistent/pcscd.comm';
    const reader = new PcscReader(built('pcsc/reader-process.js'), impatient);
    const agent = await startAgent({ reader });
    const { status, json } = await agent.ask({ path: '/status' });
    expect([501, 503]).toContain(status);
    expect(['pcsc-not-installed', 'pcsc-unavailable']).toContain((json['error'] as { code: string }).code);
    expect((await agent.ask({ path: '/version' })).status).toBe(200);
    await agent.close();
    await reader.close();
    if (socket === undefined) delete process.env['PCSCLITE_CSOCK_NAME'];
    else process.env['PCSCLITE_CSOCK_NAME'] = socket;
  });
});
