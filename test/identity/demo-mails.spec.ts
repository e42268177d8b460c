import { startService } from '../http/support/service.js';
import type { Service } from '../http/support/service.js';
import { Browser, origin } from './support/browser.js';
import { somebody } from './support/people.js';
import { application, cheapHashing } from './support/registering.js';

const options = { publicOrigin: origin, mailFrom: 'office@nss.example', hashingCost: cheapHashing };

describe('without a mail server', () => {
  let service: Service;
  afterEach(async () => { await service.close(); });

  it('the demo keeps its mails, for everybody to read', async () => {
    service = await startService(undefined, { ...options, demo: true });
    const browser = new Browser(service);
    const who = somebody(1);
    await browser.show(who.card, 'registrations', application(who));
    const { mails } = (await browser.get('demo/mails')).json<{ mails: object[] }>();
    expect(mails).toMatchObject([{ to: who.email, subject: '健保卡網路服務註冊：認證通知' }]);
  });

  it('and without the demo there is no mailbox, and no household registration to ask', async () => {
    service = await startService(undefined, { ...options, demo: false });
    const browser = new Browser(service);
    const who = somebody(2);
    expect((await browser.get('demo/mails')).statusCode).toBe(404);
    const response = await browser.show(who.card, 'registrations', application(who));
    expect([response.statusCode, response.json<{ code: string }>().code])
      .toEqual([503, 'registration/household-unavailable']);
  });
});
