import { totalmem } from 'node:os';

const MIB = 1024 ** 2;

/**
 * Share of the machine's memory in whole MiB, within limits: the same package runs on a laptop and on a
 * server.
 */
const memory = (share: number, minMib: number, maxMib: number): string =>
  `${Math.round(Math.min(Math.max(totalmem() * share / MIB, minMib), maxMib))}MB`;

/**
 * Every setting that is not PostgreSQL's default, and why. Given on the command line, so a restart applies
 * them.
 */
export const serverSettings = (): Readonly<Record<string, string>> => ({
  // Only this machine, and no socket file: those are what a killed server leaves behind in /tmp.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // "Recorded" means: on disk. These are the defaults; written down because everything we promise rests on
  // them.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // An eighth of the memory: Node, the page cache and the person's other programs need the rest.
  shared_buffers: memory(1 / 8, 128, 2_048),
  effective_cache_size: memory(1 / 2, 512, 16_384),
  // One sort or hash of a totals query; a rebuild's index build.
  work_mem: '32MB',
  maintenance_work_mem: memory(1 / 32, 64, 512),
  // A batch of a million payments writes about 1 GB of log: no checkpoint in the middle of it.
  max_wal_size: '4GB',
  min_wal_size: '256MB',
  checkpoint_timeout: '15min',
  // Solid-state disks: an index page costs hardly more than the next page of a scan.
  random_page_cost: '1.1',
  // Compiling a query costs more than our longest one saves, and makes the first of them slow.
  jit: 'off',
  // API, projectors, worker and a person with psql.
  max_connections: '100',
  // Instants are UTC; 民國 dates are made at the edge.
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
});

/** Text compared byte by byte: the same order on every machine and after every update of its libraries. */
export const initdbFlags: readonly string[] = [
  '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
  '--auth=scram-sha-256', '--data-checksums', '--no-instructions',
];
