import type pg from 'pg';

/** What a client does with its nth query, before the connection is gone for good. */
export interface Death { readonly atQuery: number; readonly when: 'before' | 'after' }

/**
 * A connection that dies at its nth query: before the server has seen it, or after it was done and before
 * anybody heard of it. The second is how a COMMIT gets lost on the way back.
 */
export function dyingClient(client: pg.PoolClient, { atQuery, when }: Death): pg.PoolClient {
  let asked = 0;
  const socket = (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream;
  const query = (...args: unknown[]): unknown => {
    const isLast = ++asked === atQuery;
    if (isLast && when === 'before') socket.destroy();
    const answer: unknown = Reflect.apply(client.query, client, args);
    if (!isLast || when === 'before') return answer;
    // A COPY answers as a stream: it dies on the way.
    if (!(answer instanceof Promise)) return socket.destroy(), answer;
    return answer.then(() => {
      socket.destroy();
      throw new Error('the connection died after the answer');
    });
  };
  return new Proxy(client, {
    get: (target, name) => (name === 'query' ? query : Reflect.get(target, name) as unknown),
  });
}
