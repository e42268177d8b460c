// Who calls while processes die: six payees with their reviewer, two operators. Each owns what it writes, so
// it knows what every answer must be.
import { randomUUID } from 'node:crypto';
import { Calls } from './calls.mjs';
import { OperatorClient } from './operator-client.mjs';
import { PayeeClient } from './payee-client.mjs';

const payees = 6;
const operators = 2;
/** Once nothing is killed any more, every request must be answered within this. */
const lastAnswersMs = 60_000;

const upTo = (count) => Array.from({ length: count }, (_, n) => n + 1);

export async function startClients(campaign) {
  const { sound, parts, ledger, processes, random } = campaign;
  const { DemoTokens } = await sound.load('infrastructure/http/demo-tokens.js');
  const names = await sound.load('application/stream-names.js');
  const { SeededRandom } = await sound.load('infrastructure/demo/seeded-random.js');
  const tokens = new DemoTokens(parts.demoTokenKey);
  const ports = processes.filter(({ role }) => role === 'api').map(({ port }) => port);
  let lastInstant = Infinity;
  const stop = new AbortController();
  const common = (name, turn) => ({
    name, ledger, random: new SeededRandom(random.next()),
    calls: new Calls({ ports, turn, deadline: () => lastInstant }),
  });
  const payee = async (n) => {
    const applicantId = await registered(sound, parts);
    return new PayeeClient({
      ...common(`payee${n}`, n),
      payeeToken: tokens.issue({ id: applicantId, roles: ['payee'], applicantId }),
      reviewerToken: tokens.issue({ id: randomUUID(), roles: ['reviewer'] }),
      accountIdOf: (bankCode, accountNumber) => names.accountIdOf(applicantId, bankCode, accountNumber),
    });
  };
  const operator = (n) => new OperatorClient({
    ...common(`OP${n}`, n), token: tokens.issue({ id: randomUUID(), roles: ['operator'] }),
    paymentIdOf: names.paymentIdOf, batchStreamOf: names.paymentBatchStream,
  });
  const clients = [...await Promise.all(upTo(payees).map(payee)), ...upTo(operators).map(operator)];
  campaign.base = await parts.log.head();
  const ended = Promise.all(clients.map((client) => client.run(stop.signal)));
  // Heard when it is awaited; a mistake of a client's own ends the campaign there.
  ended.catch(() => undefined);
  return {
    finish: async () => {
      stop.abort();
      lastInstant = Date.now() + lastAnswersMs;
      await ended;
    },
  };
}

/** A payee of whom the service knows, as a sign-in leaves it. */
async function registered(sound, { log }) {
  const { handle } = await sound.load('application/handle.js');
  const { applicantStream } = await sound.load('application/stream-names.js');
  const { applicantDecider } = await sound.load('domain/applicants/applicant.js');
  const applicantId = randomUUID();
  const command = {
    type: 'RegisterApplicant', applicantId, kind: 'company', idNumber: '04595257', name: '測試公司',
    at: '2026-01-01T00:00:00.000Z',
  };
  const meta = { commandId: randomUUID(), fingerprint: 'registered', by: applicantId, at: command.at };
  const outcome = await handle(log, applicantDecider, applicantStream(applicantId), { command, meta });
  if (outcome.outcome !== 'done') throw new Error(`not registered: ${JSON.stringify(outcome)}`);
  return applicantId;
}
