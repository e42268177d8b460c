import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { hkdfSync } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { BANK_CODE_STATES } from './application/accounts/bank-code-states.js';
import { BANK_CODE_LIST_READER } from './application/bank-codes/bank-code-list.js';
import { API_TOKENS } from './application/api-credentials/api-tokens.js';
import { FindApiCredentialsHandler } from './application/api-credentials/find-api-credentials.js';
import { commandHandlers } from './application/commands.js';
import type { EventLog } from './application/event-log.js';
import { EVENT_LOG } from './application/event-log.js';
import type { BatchIntake } from './application/payment-batches/batch-intake.js';
import { BATCH_INTAKE } from './application/payment-batches/batch-intake.js';
import { DELEGATE_ACCESSES } from './application/delegations/delegate-accesses.js';
import type { DelegateAccesses } from './application/delegations/delegate-accesses.js';
import { DELEGATE_VERIFICATIONS } from './application/delegations/delegate-verifications.js';
import type { DelegateVerifications } from './application/delegations/delegate-verifications.js';
import { FindOffersHandler } from './application/delegations/find-offers.js';
import { FindRegistrationHandler } from './application/identity/find-registration.js';
import { FindStaffMembersHandler } from './application/identity/find-staff-members.js';
import { IDENTITY_STORES } from './application/identity/identity-stores.js';
import { FindDeliveryHandler } from './application/payment-batches/find-delivery.js';
import type { PersonalKeys } from './application/personal-keys.js';
import { PERSONAL_KEYS } from './application/personal-keys.js';
import { ApiTokenTable } from './infrastructure/api-credentials/api-token-table.js';
import { DirectoryBankCodeStates } from './infrastructure/bank-code-lists/directory-bank-code-states.js';
import { FiscListReader } from './infrastructure/bank-code-lists/fisc-list-reader.js';
import { readBankCodeKnowledge } from './infrastructure/bank-code-lists/shipped-data.js';
import { PostgresBatchIntake } from './infrastructure/batches/postgres-batch-intake.js';
import { DomainEventLog } from './infrastructure/event-store/domain-event-log.js';
import type { KurrentServer } from './infrastructure/event-store/open-event-store.js';
import { openEventStore } from './infrastructure/event-store/open-event-store.js';
import { AccountReadings } from './infrastructure/http/account-readings.js';
import { AccountsController } from './infrastructure/http/accounts/accounts.controller.js';
import {
  ApiCredentialsController,
} from './infrastructure/http/api-credentials/api-credentials.controller.js';
import { CredentialDesk } from './infrastructure/http/api-credentials/credential-desk.js';
import {
  DeliveryCredentialsController,
} from './infrastructure/http/api-credentials/delivery-credentials.controller.js';
import { ApiCallers } from './infrastructure/http/api-callers.js';
import { ApplicantsController } from './infrastructure/http/applicants/applicants.controller.js';
import { BankCodeListsController } from './infrastructure/http/bank-codes/bank-code-lists.controller.js';
import { BankCodesController } from './infrastructure/http/bank-codes/bank-codes.controller.js';
import { CardReadings } from './infrastructure/http/card-readings.js';
import { CertificateReadings } from './infrastructure/http/certificate-readings.js';
import { CommandGateway } from './infrastructure/http/command-gateway.js';
import {
  DelegateVerificationsController,
} from './infrastructure/http/delegations/delegate-verifications.controller.js';
import {
  DelegationGrantsController,
} from './infrastructure/http/delegations/delegation-grants.controller.js';
import {
  DelegationOffersController,
} from './infrastructure/http/delegations/delegation-offers.controller.js';
import { DelegationsController } from './infrastructure/http/delegations/delegations.controller.js';
import { HealthController, READINESS } from './infrastructure/http/health/health.controller.js';
import { HTTP_LIMITS } from './infrastructure/http/limits.js';
import type { HttpLimits } from './infrastructure/http/limits.js';
import { OperationsController } from './infrastructure/http/operations/operations.controller.js';
import {
  PaymentBatchesController,
} from './infrastructure/http/payment-batches/payment-batches.controller.js';
import { PaymentsController } from './infrastructure/http/payments/payments.controller.js';
import { PersonalFields } from './infrastructure/http/personal-fields.js';
import {
  ReconciliationsController,
} from './infrastructure/http/reconciliations/reconciliations.controller.js';
import {
  OwnRegistrationController,
} from './infrastructure/http/registrations/own-registration.controller.js';
import { RegistrationsController } from './infrastructure/http/registrations/registrations.controller.js';
import { StaffController } from './infrastructure/http/staff/staff.controller.js';
import { ReviewsController } from './infrastructure/http/reviews/reviews.controller.js';
import { DemoMailsController } from './infrastructure/http/registrations/demo-mails.controller.js';
import { IDENTITY } from './infrastructure/http/identity.js';
import {
  CertificateSignInsController,
} from './infrastructure/http/sign-ins/certificate-sign-ins.controller.js';
import { SignInsController } from './infrastructure/http/sign-ins/sign-ins.controller.js';
import { DelegateAccessTable } from './infrastructure/identity/delegate-access-table.js';
import {
  DelegateVerificationTable,
} from './infrastructure/identity/delegate-verification-table.js';
import type { Identity, IdentityOptions } from './infrastructure/identity/open-identity.js';
import { openIdentity } from './infrastructure/identity/open-identity.js';
import { MasterKey } from './infrastructure/keys/master-key.js';
import { PostgresKeyTable } from './infrastructure/keys/postgres-key-table.js';
import { SealingKeys } from './infrastructure/keys/sealing-keys.js';
import { LOGGER } from './infrastructure/logging.js';
import type { Readiness } from './infrastructure/management/readiness.js';
import {
  collectLags, collectPendingDeliveries, collectPools, collectQueues,
} from './infrastructure/metrics/collected-metrics.js';
import { MeasuredEventStore } from './infrastructure/metrics/measured-event-store.js';
import { Metrics } from './infrastructure/metrics/metrics.js';
import { OPERATIONS } from './infrastructure/operations/operations.js';
import { OperationsView } from './infrastructure/operations/operations-view.js';
import { createPool } from './infrastructure/postgres/pool.js';
import { PostgresReadStore } from './infrastructure/read-store/postgres-read-store.js';
import type { Tracing } from './infrastructure/tracing/tracing.js';
import { noTracing } from './infrastructure/tracing/tracing.js';
import type { ReadStore } from './projections/projection.js';
import { READ_STORE } from './projections/projection.js';
import { projections } from './projections/projections.js';
import { queryHandlers } from './projections/query-handlers.js';

const controllers = [
  HealthController, BankCodesController, BankCodeListsController, ApplicantsController, AccountsController,
  ReviewsController, PaymentBatchesController, PaymentsController, ReconciliationsController,
  OperationsController, SignInsController, CertificateSignInsController, RegistrationsController,
  OwnRegistrationController, StaffController, DelegationsController, DelegationGrantsController,
  DelegateVerificationsController, ApiCredentialsController, DeliveryCredentialsController,
  DelegationOffersController,
];

/** What the service is made of, behind the ports it is used through. Nothing connects before its use. */
export interface Parts {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly keys: PersonalKeys;
  readonly readStore: ReadStore;
  readonly intake: BatchIntake;
  readonly identity: Identity;
  readonly accesses: DelegateAccesses;
  readonly verifications: DelegateVerifications;
  readonly apiTokens: ApiTokenTable;
  readonly apiCallers: ApiCallers;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly operations: OperationsView;
  /** By name, for whoever counts connections; whoever opens another one adds it. */
  readonly pools: Map<string, Pool>;
  /** By name, how many wait in each. */
  readonly queues: Map<string, () => number>;
  /** Under one master key every process derives the same. */
  readonly fingerprintKey: Buffer;
  readonly demoTokenKey: Buffer;
  close(): Promise<void>;
}

export interface PartsOptions {
  readonly databaseUrl: string;
  /** Where the log is, if it is not in that database. */
  readonly kurrent?: KurrentServer;
  /** Standard base64, 32 bytes. */
  readonly masterKey: string;
  readonly connections: number;
  readonly logger: Logger;
  /** Left out: nobody collects traces. */
  readonly tracing?: Tracing;
  /** Tells the batch worker of this process that there is work. */
  readonly wakeWorker: () => void;
  readonly stopping?: AbortSignal;
  /** Left out: on this machine only, without mail and without a demo. */
  readonly identity?: IdentityOptions;
}

export function openParts(options: PartsOptions): Parts {
  const { databaseUrl, kurrent, masterKey, connections, logger, wakeWorker: wake, stopping } = options;
  const { tracing = noTracing } = options;
  const metrics = new Metrics();
  const pool = createPool(databaseUrl, { applicationName: 'treasury', maxConnections: connections });
  const pools = new Map([['requests', pool]]);
  const queues = new Map<string, () => number>();
  const keys = new SealingKeys(new PostgresKeyTable(pool), MasterKey.fromBase64(masterKey));
  const store = new MeasuredEventStore(openEventStore(databaseUrl, kurrent, {
    grouped: (appends) => metrics.groupAppends.observe(appends),
    readsThrough: (reading) => { pools.set('log reader', reading); },
    queues: (waiting) => { queues.set('appends', waiting); },
  }), metrics, tracing);
  const operations = new OperationsView({ pool, store, positionsCountFacts: !kurrent, projections });
  measure(metrics, { pools, queues }, operations);
  const log = new DomainEventLog(store, keys);
  const readStore = new PostgresReadStore(pool);
  const identity = openIdentity(
    {
      pool, log, keys, logger, readStore, signIns: metrics.signIns,
      derivedKey: (use) => derivedKey(masterKey, use),
    },
    options.identity ?? { publicOrigin: null, mailFrom: 'no-reply@treasury.invalid', demo: false });
  return {
    pool, pools, queues, keys, logger, metrics, tracing, operations, log, identity, readStore,
    ...openApi(pool, log, identity),
    accesses: new DelegateAccessTable(pool),
    verifications: new DelegateVerificationTable(pool, identity.now),
    intake: new PostgresBatchIntake({ pool, now: () => new Date().toISOString(), wake, stopping }),
    fingerprintKey: derivedKey(masterKey, 'command fingerprints'),
    demoTokenKey: derivedKey(masterKey, 'demo tokens'),
    close: async () => {
      await identity.close();
      await store.close();
      await pool.end();
    },
  };
}

function openApi(pool: Pool, log: EventLog, { staffRoles, now }: Identity) {
  const apiTokens = new ApiTokenTable(pool, now);
  return { apiTokens, apiCallers: new ApiCallers({ log, tokens: apiTokens, staffRoles, now }) };
}

function measure(
  metrics: Metrics, { pools, queues }: Pick<Parts, 'pools' | 'queues'>, operations: OperationsView,
): void {
  collectPools(metrics, pools);
  collectQueues(metrics, queues, pools);
  collectLags(metrics, () => operations.lags());
  collectPendingDeliveries(metrics, () => operations.pendingDeliveries());
}

/** One key per use, so that none opens what another closed. */
const derivedKey = (masterKey: string, use: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(masterKey, 'base64'), '', use, 32));

@Module({})
export class AppModule {
  static async of(parts: Parts, limits: HttpLimits, readiness: Readiness): Promise<DynamicModule> {
    const given: readonly [symbol, unknown][] = [
      [EVENT_LOG, parts.log], [PERSONAL_KEYS, parts.keys], [READ_STORE, parts.readStore],
      [BATCH_INTAKE, parts.intake], [LOGGER, parts.logger], [HTTP_LIMITS, limits], [READINESS, readiness],
      [OPERATIONS, parts.operations], [IDENTITY, parts.identity], [IDENTITY_STORES, parts.identity.stores],
      [DELEGATE_ACCESSES, parts.accesses], [DELEGATE_VERIFICATIONS, parts.verifications],
      [API_TOKENS, parts.apiTokens],
      [BANK_CODE_LIST_READER, new FiscListReader(await readBankCodeKnowledge())],
    ];
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      // Only the demo's mails may be read by everybody.
      controllers: parts.identity.mailbox ? [...controllers, DemoMailsController] : controllers,
      providers: [
        ...given.map(([provide, useValue]) => ({ provide, useValue })),
        { provide: BANK_CODE_STATES, useClass: DirectoryBankCodeStates },
        ...commandHandlers, ...queryHandlers, FindDeliveryHandler, FindRegistrationHandler,
        FindStaffMembersHandler, FindApiCredentialsHandler, FindOffersHandler, CommandGateway, PersonalFields,
        CardReadings, CertificateReadings, AccountReadings, CredentialDesk,
      ],
    };
  }
}
