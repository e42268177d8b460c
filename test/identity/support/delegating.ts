import { principal } from '../../http/support/service.js';
import { bankList, caughtUp } from '../../http/support/world.js';
import { show, trustInFiles } from '../certificates/certificate-service.js';
import { companyCard, now as pkiNow } from '../certificates/test-pki.js';
import { Browser } from './browser.js';
import { somebody } from './people.js';
import type { Office, Registrant } from './registering.js';
import { openOffice, registered } from './registering.js';

/** A company signed in by its 工商憑證, with one account approved. */
export interface Firm {
  readonly office: Office;
  readonly company: Browser;
  readonly accountId: string;
  close(): Promise<void>;
}

export async function openFirm(): Promise<Firm> {
  const files = trustInFiles();
  const office = await openOffice(files.trust);
  office.clock.ms = pkiNow;
  const { service } = office;
  await service.as(principal('operator')).csv('/api/v1/bank-code-lists', bankList);
  await caughtUp(service);
  const company = await companyAt(office);
  const body = { bankCode: '0040037', accountNumber: '901', accountName: '測試戶名' };
  const { accountId } = (await company.send('POST', 'accounts', body)).json<{ accountId: string }>();
  await service.as(principal('reviewer')).send('POST', `/api/v1/reviews/${accountId}/approval`);
  await caughtUp(service);
  return {
    office, company, accountId,
    close: async () => {
      await office.close();
      files.remove();
    },
  };
}

export async function companyAt(office: Office): Promise<Browser> {
  const browser = new Browser(office.service);
  const response = await show(browser, companyCard());
  if (response.statusCode !== 200) throw new Error(`not signed in: ${response.body}`);
  return browser;
}

/** With a browser at home, whose card agent is enrolled. */
export async function somebodyRegistered(office: Office, number: number): Promise<[Registrant, Browser]> {
  const who = somebody(number);
  return [who, await registered(office, who)];
}
