// A flood of sign-ins from a process of its own, at their times whatever becomes of the ones before: of every
// three, two are of people nobody knows, one is a wrong password for somebody registered, from a machine that
// is not enrolled. Asked { port, perSecond, seconds }; answers how many heard what.
import { setTimeout as pause } from 'node:timers/promises';
import { CardBrowser, agentKey, cardOf, connections, stranger } from './card-browser.mjs';

const key = agentKey();
const agent = connections();
/** More than these at once would be a crowd that never gives up, and only count its own sockets. */
const mostAtOnce = 200;

async function flood({ port, perSecond, seconds, registered }) {
  const heard = {};
  let [sent, underWay] = [0, 0];
  const attempt = async (n) => {
    const card = n % 3 === 0 ? cardOf(registered[n / 3 % registered.length]) : stranger();
    const browser = new CardBrowser(port, agent, key);
    const { status } = await browser.show(card, 'sign-ins', { password: `a wrong password ${n}` });
    heard[status] = (heard[status] ?? 0) + 1;
    underWay--;
  };
  const from = performance.now();
  const attempts = [];
  while (performance.now() - from < seconds * 1_000) {
    const due = Math.floor((performance.now() - from) / 1_000 * perSecond);
    for (; sent < due; sent++) {
      if (underWay >= mostAtOnce) continue;
      underWay++;
      attempts.push(attempt(sent));
    }
    await pause(5);
  }
  await Promise.all(attempts);
  return heard;
}

process.once('message', (asked) => { void flood(asked).then((heard) => process.send(heard)); });
