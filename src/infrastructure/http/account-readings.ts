import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { ReadableAccount, Reading } from '../../application/accounts/readable-accounts.js';
import {
  allReadable, readableAccount, readableAccounts,
} from '../../application/accounts/readable-accounts.js';
import type { Principal } from '../../application/command-context.js';
import type { AccessKind, DelegateAccesses } from '../../application/delegations/delegate-accesses.js';
import { DELEGATE_ACCESSES } from '../../application/delegations/delegate-accesses.js';
import type { EventLog } from '../../application/event-log.js';
import { EVENT_LOG } from '../../application/event-log.js';
import { FindAccountsOf } from '../../projections/accounts/find-accounts-of.js';
import { FindProposedAccounts } from '../../projections/delegations/find-delegations.js';
import { person } from '../../projections/viewer.js';
import type { Identity } from './identity.js';
import { IDENTITY } from './identity.js';
import { Problem } from './problem.js';

/**
 * Which accounts a caller may read, own and delegated ones. Tables only propose, the log decides; what is
 * read of somebody else's is written down before it is answered.
 */
@Injectable()
export class AccountReadings {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELEGATE_ACCESSES) private readonly accesses: DelegateAccesses,
    @Inject(IDENTITY) private readonly identity: Pick<Identity, 'now'>,
  ) {}

  /** Own ones first: where one bank account is both, it is one's own. */
  async all(caller: Principal, kind: AccessKind): Promise<readonly ReadableAccount[]> {
    const reading = this.reading(caller, kind);
    if (reading === null) return [];
    const { applicantId } = reading;
    const [own, delegated] = await Promise.all([
      this.queries.execute(new FindAccountsOf({ applicantId }, person({ applicantId }))),
      this.queries.execute(new FindProposedAccounts({ delegateId: applicantId })),
    ]);
    const accountIds = [...new Set([...own, ...delegated].map(({ accountId }) => accountId))];
    return readableAccounts(this.parts(), reading, accountIds);
  }

  /** One account of somebody else's refuses all. */
  async named(
    caller: Principal, accountIds: readonly string[], kind: AccessKind,
  ): Promise<readonly ReadableAccount[]> {
    const reading = this.reading(caller, kind);
    const accounts = reading && await allReadable(this.parts(), reading, accountIds);
    if (accounts === null) throw new Problem('account/unknown');
    return accounts;
  }

  /** The account under this key, where the caller may read it. */
  async withKey(caller: Principal, key: string, kind: AccessKind): Promise<ReadableAccount | null> {
    const reading = this.reading(caller, kind);
    if (reading === null) return null;
    const { applicantId: delegateId } = reading;
    const delegated = await this.queries.execute(new FindProposedAccounts({ delegateId }));
    const companyIds = new Set(delegated.map(({ companyId }) => companyId));
    return readableAccount(this.parts(), reading, key, [...companyIds]);
  }

  private reading(caller: Principal, kind: AccessKind): Reading | null {
    const { applicantId, card = null, onlyAccounts: only = null } = caller;
    if (applicantId === undefined) return null;
    return { applicantId, card, only, kind, at: new Date(this.identity.now()).toISOString() };
  }

  private parts() {
    const { log, accesses } = this;
    return { log, accesses };
  }
}
