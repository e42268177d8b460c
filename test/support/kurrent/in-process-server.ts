import type { Server as GrpcServer, ServerCredentials as Credentials } from '@grpc/grpc-js';
import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { sendUnaryData } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import service from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { CuttableProxy } from './cuttable-proxy.js';
import { Faults } from './faults.js';
import { gossipService } from './gossip-service.js';
import { ServerLog } from './server-log.js';
import { appendService } from './append-service.js';
import type { NodeState } from './node-state.js';
import { readService } from './read-service.js';

export interface ServerOptions {
  /** Shared by the nodes of one cluster. */
  readonly log?: ServerLog;
  readonly credentials?: string;
  readonly maxAppendBytes?: number;
  /** PEM; without it the server speaks clear text. */
  readonly tls?: { readonly key: string; readonly certificate: string };
}

/** The limit of servers before 25.1; later ones allow more. */
const defaultMaxAppendBytes = 1024 * 1024;

/**
 * A KurrentDB node in this process: the generated stubs of the client, an in-memory log behind them, and a
 * wire one can cut. It behaves as a real one for what the contract and the fault specs check;
 * `kurrent-server.spec.ts` runs the official client against it, and against a real server where there is one.
 */
export class InProcessServer {
  readonly faults: Faults;
  readonly log: ServerLog;

  private constructor(
    private readonly server: GrpcServer, readonly wire: CuttableProxy, readonly node: NodeState,
    private readonly tls: boolean,
  ) {
    this.faults = node.faults;
    this.log = node.log;
  }

  static async start(options: ServerOptions = {}): Promise<InProcessServer> {
    const server = new Server();
    const wire: { proxy?: CuttableProxy } = {};
    const node: NodeState = {
      log: options.log ?? new ServerLog(), faults: new Faults(), leader: undefined, members: () => [],
      maxAppendBytes: options.maxAppendBytes ?? defaultMaxAppendBytes, credentials: options.credentials,
      cut: () => wire.proxy?.cut(), checkpoints: true, inclusive: false,
      counts: { appends: 0, reads: 0, subscriptions: 0, eventsSent: 0, openReads: 0 },
    };
    // The rest of the service is not part of this server: it answers UNIMPLEMENTED.
    server.addService(service.StreamsService, { append: appendService(node), read: readService(node) });
    server.addService(gossip.GossipService, gossipService(node));
    server.addService(featuresService.ServerFeaturesService, { getSupportedMethods });
    const port = await bind(server, credentialsOf(options));
    wire.proxy = await CuttableProxy.before(port);
    return new InProcessServer(server, wire.proxy, node, options.tls !== undefined);
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.wire.port}?tls=${this.tls}`;
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.wire.port };
  }

  async stop(): Promise<void> {
    await this.wire.close();
    this.server.forceShutdown();
  }
}

function credentialsOf({ tls }: ServerOptions): Credentials {
  if (!tls) return ServerCredentials.createInsecure();
  const pair = { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) };
  return ServerCredentials.createSsl(null, [pair]);
}

function bind(server: GrpcServer, credentials: Credentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

function getSupportedMethods(_: unknown, answer: sendUnaryData<SupportedMethods>): void {
  const methods = new features.SupportedMethods();
  methods.setEventStoreServerVersion('24.10.0');
  for (const name of ['read', 'append']) {
    const method = new features.SupportedMethod();
    method.setServiceName('event_store.client.streams.streams');
    method.setMethodName(name);
    if (name === 'read') method.setFeaturesList(['position', 'events']);
    methods.addMethods(method);
  }
  answer({ code: status.OK }, methods);
}
