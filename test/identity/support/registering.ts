import type { SealedField } from '../../../src/application/personal-keys.js';
import { registrationStream } from '../../../src/application/stream-names.js';
import type { TrustOptions } from '../../../src/infrastructure/identity/certificates/certificate-verifier.js';
import type { HashingCost } from '../../../src/infrastructure/identity/password-table.js';
import { demoHouseholdNumber } from '../../../src/infrastructure/identity/household-registries.js';
import type { Service } from '../../http/support/service.js';
import { startService } from '../../http/support/service.js';
import { Browser, origin } from './browser.js';
import type { MailServer } from './mail-server.js';
import { startMailServer, ticketIn } from './mail-server.js';
import type { TestCard } from './virtual-card.js';

/** Cheap: what is tested here is what surrounds a hash. */
export const cheapHashing: HashingCost = { memoryKib: 8, passes: 1 };

export class Clock {
  ms = Date.UTC(2026, 2, 2, 1);
  readonly now = (): number => this.ms;
  pass(ms: number): void {
    this.ms += ms;
  }
}
export const minutes = (count: number): number => count * 60_000;
export const days = (count: number): number => count * 86_400_000;

export interface Office {
  readonly service: Service;
  readonly mailServer: MailServer;
  readonly clock: Clock;
  close(): Promise<void>;
}

/** The service with a mail server beside it, and a clock that stands still until told. */
export async function openOffice(trust?: TrustOptions, hashingCost = cheapHashing): Promise<Office> {
  const mailServer = await startMailServer();
  const clock = new Clock();
  const service = await startService(undefined, {
    publicOrigin: origin, smtpUrl: mailServer.url, mailFrom: 'office@nss.example', demo: true,
    hashingCost, now: clock.now, trust,
  });
  return {
    service, mailServer, clock,
    close: async () => {
      await service.close();
      await mailServer.close();
    },
  };
}

export const password = 'correct horse battery';

export interface Registrant { readonly card: TestCard; readonly email: string }

export const application = ({ card, email }: Registrant, change: object = {}): object => ({
  householdNumber: demoHouseholdNumber(card.idNumber), address: '臺北市中正區愛國里1鄰', password, email,
  mobile: '0912345678', noticeVersion: '1', ...change,
});

export async function applied(office: Office, browser: Browser, who: Registrant): Promise<string> {
  const response = await browser.show(who.card, 'registrations', application(who));
  if (response.statusCode !== 201) throw new Error(`not applied: ${response.body}`);
  return ticketIn(await office.mailServer.next(who.email));
}

/** Applied and confirmed in a browser of the person's own, whose card agent is enrolled by it. */
export async function registered(office: Office, who: Registrant): Promise<Browser> {
  const browser = new Browser(office.service);
  const ticket = await applied(office, browser, who);
  const response = await browser.show(who.card, 'registrations/confirmations', { ticket });
  if (response.statusCode !== 201) throw new Error(`not confirmed: ${response.body}`);
  return browser;
}

export async function signedIn(office: Office, who: Registrant): Promise<Browser> {
  const browser = await registered(office, who);
  const response = await browser.signIn(who.card, password);
  if (response.statusCode !== 200) throw new Error(`not signed in: ${response.body}`);
  return browser;
}

/** Every sealed field of a registration, as it stands in the log. */
export async function sealedOf(office: Office, registrationId: string): Promise<SealedField[]> {
  const fields: SealedField[] = [];
  for await (const fact of office.service.parts.log.readStream(registrationStream(registrationId))) {
    for (const [field, value] of Object.entries(fact.data)) {
      const { sealed } = (typeof value === 'object' ? value : {}) as { sealed?: string };
      if (sealed !== undefined) {
        fields.push({ token: sealed, at: { stream: fact.stream, eventId: fact.id, field } });
      }
    }
  }
  if (fields.length < 5) throw new Error('a registration without its personal fields');
  return fields;
}
