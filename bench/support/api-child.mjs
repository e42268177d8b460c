// The service's HTTP side over a database, for a payee with twenty approved accounts. Tells its parent
// where it listens.
import { randomUUID } from 'node:crypto';
import { AppModule } from '../../dist/app.module.js';
import { accountIdOf, accountStream } from '../../dist/application/stream-names.js';
import { Admission } from '../../dist/infrastructure/http/admission/admission.js';
import { DemoTokens } from '../../dist/infrastructure/http/demo-tokens.js';
import { createServer } from '../../dist/infrastructure/http/server.js';
import { openProduct } from './product.mjs';
import { bigPayeeAccounts } from './reconciliation-rows.mjs';

const parts = openProduct(process.argv[2]);
const applicantId = randomUUID();
const reviewer = randomUUID();
const accountIds = [];
for (const account of bigPayeeAccounts) accountIds.push(await approved(account));

const limits = { jsonBytes: 65_536, csvBytes: 2 ** 31, listBytes: 2 ** 24, uploadSilenceMs: 30_000 };
const tokens = new DemoTokens(parts.demoTokenKey);
const module = await AppModule.of(parts, limits, { waitingFor: async () => [] });
const admission = new Admission(
  { requestsInWork: 64, requestsQueued: 512, uploadsInWork: 16, deadlineMs: 10_000 },
  { isUp: true, onLost: () => undefined }, parts);
const server = await createServer(module, { ...parts, authenticator: tokens, limits, admission });
await server.app.listen(0, '127.0.0.1');

process.send({
  url: (await server.app.getUrl()).replace('[::1]', '127.0.0.1'),
  token: tokens.issue({ id: applicantId, roles: ['payee'], applicantId }),
  accountIds,
});

async function approved({ bankCode, accountNumber }) {
  const accountId = accountIdOf(applicantId, bankCode, accountNumber);
  const commandId = randomUUID();
  const at = '2025-01-01T00:00:00.000Z';
  const facts = [
    {
      type: 'AccountApplied',
      data: {
        accountId, applicationId: commandId, applicantId, bankCode, accountNumber,
        accountName: { plain: '示範公司' }, warnings: [], appliedBy: applicantId, appliedAt: at,
      },
    },
    { type: 'AccountApproved', data: { accountId, approvedBy: reviewer, approvedAt: at } },
  ];
  const write = { stream: accountStream(accountId), expectedRevision: -1, facts };
  const result = await parts.log.append([write], { commandId, fingerprint: commandId, by: applicantId, at });
  if (result.kind !== 'appended') throw new Error(result.kind);
  return accountId;
}
