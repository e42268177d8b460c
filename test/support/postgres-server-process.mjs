// A PostgreSQL behind messages. A process of its own, for whoever started it may be killed: the channel then
// closes, and the server stops instead of staying behind.
import { on, once } from 'node:events';
import { startPostgresServer } from './postgres-server.mjs';

const starting = startPostgresServer();
once(process, 'disconnect').then(async () => {
  await (await starting).stop();
  process.exit(0);
});
// Ctrl-C reaches the whole group: who started us says when to stop.
process.on('SIGINT', () => undefined);

const orders = on(process, 'message');
const server = await starting;
if (process.connected) process.send({ done: 'start', url: server.url });
for await (const [order] of orders) {
  await (order === 'stop' ? server.stop() : server.restart(order));
  process.send({ done: order }, () => order === 'stop' && process.exit(0));
}
