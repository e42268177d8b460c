import { existsSync } from 'node:fs';
import { join } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

/**
 * What lasts longest, begun first: begun last, one of these alone would keep the other worker waiting for it.
 * jest knows how long files took from earlier runs; a fresh clone has none, and there it goes by their size,
 * which says nothing of how long a process takes to start.
 */
const longest = [
  'test/e2e/start.spec.ts',
  'test/batches/batch-crash.spec.ts',
  'test/e2e/processes.spec.ts',
  'test/contract/kurrent-campaign.spec.ts',
  'card-agent/test/pcsc/piv-card.spec.ts',
  'card-agent/test/pcsc/virtual-reader.spec.ts',
  'test/identity/throttle.spec.ts',
  'test/e2e/backup-restore.spec.ts',
  'test/e2e/kurrent-processes.spec.ts',
  'test/identity/certificates/staff-command.spec.ts',
  'test/contract/kurrent-event-store.spec.ts',
  'test/contract/kurrent-connection.spec.ts',
  'test/contract/ordering.spec.ts',
  'test/contract/kurrent-subscriptions.spec.ts',
  'test/batches/batch-workers.spec.ts',
  'test/e2e/readme.spec.ts',
  'test/http/revocations.spec.ts',
];

export default class LongestFirst extends TestSequencer {
  constructor(options) {
    super(options);
    const { rootDir } = options.contexts[0].config;
    this.places = new Map(longest.map((file, place) => [join(rootDir, file), place]));
    const gone = [...this.places.keys()].filter((file) => !existsSync(file));
    if (gone.length > 0) throw new Error(`not there any more, yet to be begun first: ${gone.join(', ')}`);
  }

  async sort(tests) {
    const placeOf = ({ path }) => this.places.get(path) ?? longest.length;
    return (await super.sort(tests)).sort((one, other) => placeOf(one) - placeOf(other));
  }
}
