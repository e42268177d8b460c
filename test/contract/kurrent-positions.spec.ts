import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import { ServerLog } from '../support/kurrent/server-log.js';
import { appendTo, collect, collectUntil, newStream, positionOf } from './sample-appends.js';

/** The next few events lie beyond what a column holds. */
const nearlyFull = 2n ** 63n - 300n;

async function withLogFrom<T>(
  from: bigint, use: (store: ReturnType<typeof openKurrentEventStore>) => Promise<T>,
): Promise<T> {
  const server = await InProcessServer.start({ log: new ServerLog(from) });
  const store = openKurrentEventStore(server.url, { deadlineMs: 20_000 });
  try {
    return await use(store);
  } finally {
    await store.close();
    await server.stop();
  }
}

describe('a position of KurrentDB', () => {
  it('is exact beyond what a JavaScript number tells apart', () => withLogFrom(2n ** 62n, async (store) => {
    const positions: string[] = [];
    for (let count = 0; count < 3; count++) {
      positions.push(await positionOf(appendTo(store, { stream: newStream() })));
    }
    const [first = '', second = '', third = ''] = positions;
    expect((await collect(store.readAll('0'))).map(({ position }) => position)).toEqual(positions);
    expect((await collect(store.readAll(first, { until: second }))).map(({ position }) => position))
      .toEqual([second]);
    expect((await collectUntil(store.subscribe(second), () => true)).map(({ position }) => position))
      .toEqual([third]);
    expect(await store.head()).toBe(third);
  }));

  it('that no table could hold is refused, never rounded', () => withLogFrom(nearlyFull, async (store) => {
    const stream = newStream();
    await appendTo(store, { stream, count: 5 });
    await expect(collect(store.readStream(stream))).rejects.toThrow('not a position that tables can hold');
    await expect(collect(store.readAll('0'))).rejects.toThrow('not a position that tables can hold');
  }));
});
