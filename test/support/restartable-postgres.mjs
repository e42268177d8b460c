import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const support = (file) => join(process.cwd(), 'test/support', file);

/** A PostgreSQL of the caller's own, in a process of its own, until `stop` or the caller's end. */
export async function startRestartablePostgres(environment = {}) {
  const loader = pathToFileURL(support('typescript-loader.mjs')).href;
  const env = { ...process.env, ...environment };
  const child = fork(support('postgres-server-process.mjs'), { execArgv: ['--import', loader], env });
  const { url } = await answerOf(child, 'start');
  const order = async (what) => {
    const answered = answerOf(child, what);
    child.send(what);
    await answered;
  };
  return { url, restart: order, stop: () => order('stop') };
}

async function answerOf(child, what) {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the server process ended with ${code}`);
  });
  const [answer] = await Promise.race([once(child, 'message'), ended]);
  if (answer.done !== what) throw new Error(`expected ${what}, got ${answer.done}`);
  return answer;
}
