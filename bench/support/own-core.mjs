import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** Moves us with all our threads; whatever is started from now on begins there. False: not on this system. */
const moveTo = (cores) =>
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(process.pid)]).status === 0;

/**
 * A crowd is never on the machine it asks. Here it is, and what it takes for five times the requests would be
 * taken from the service. So it gets a core to itself and the service all others, at its peak as well as in
 * the flood.
 */
export async function onOtherCores(startService) {
  const last = cpus().length - 1;
  if (last === 0 || !moveTo(`1-${last}`)) return { service: await startService(), cores: 'shared' };
  const service = await startService();
  moveTo('0');
  return { service, cores: `${last}, the crowd on another` };
}
