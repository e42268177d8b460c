import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DemoReader } from '../../src/card/demo-reader.js';
import { DemoCertificateCards } from '../../src/certificates/demo-certificate-cards.js';
import type { Site } from '../support/browser.js';
import { describeInBrowser, openBrowser, openSite, violationsOn } from '../support/browser.js';
import { ming } from '../support/people.js';
import type { RunningAgent } from '../support/running-agent.js';
import { nonce, startAgent } from '../support/running-agent.js';

const pin = '73914682';
const file = join(__dirname, '..', 'data', 'curve-cards.json');
const [curve] = JSON.parse(readFileSync(file, 'utf8')) as { certificate: string; privateKey: string }[];
const certificateCard = { certificate: curve?.certificate ?? '', privateKey: curve?.privateKey ?? '', pin };
const nhiCard = { payload: ming.payload.toString('base64'), generation: 'selects' };

/** As a page of the portal would: the window in the click, the question at once. Keeps what it hears. */
const portalPage = `<!doctype html><html lang="zh-TW"><title>入口網站</title><main><h1>入口網站</h1>
<button id="go">以卡片登入</button><pre id="heard"></pre></main><script>
const heard = [];
const hear = (what) => {
  heard.push(what);
  document.getElementById('heard').textContent = heard.join('\\n');
};
addEventListener('message', (event) => hear('message ' + JSON.stringify(event.data)));
document.getElementById('go').addEventListener('click', async () => {
  const [agent, path] = location.hash.slice(1).split('|');
  const opened = window.open(agent + '/consent');
  const look = () => {
    try { hear('window ' + opened.document.body.innerHTML); } catch (e) { hear('window ' + e.name); }
  };
  const timer = setInterval(look, 200);
  try {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ nonce: '${nonce}' });
    const response = await fetch(agent + path, { method: 'POST', headers, body });
    hear('answer ' + response.status + ' ' + await response.text());
  } catch (error) { hear('failed ' + error.message); }
  clearInterval(timer);
});
</script>`;

describeInBrowser('the consent window, in a Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let agent: RunningAgent;
  let home: string;
  let portal: Site;
  let stranger: Site;
  const inserted = (card: object | null): void =>
    writeFileSync(join(home, 'reader.json'), JSON.stringify({ inserted: card }));

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'consent-'));
    browser = await openBrowser();
    [portal, stranger] = [await openSite(portalPage), await openSite(portalPage)];
    const reader = join(home, 'reader.json');
    agent = await startAgent({
      reader: new DemoReader(reader), certificates: new DemoCertificateCards(reader),
      allowedOrigins: [portal.origin],
    });
  });
  beforeEach(async () => { context = await browser.newContext({ locale: 'zh-TW' }); });
  afterEach(() => context.close());
  afterAll(async () => {
    await Promise.all([browser.close(), agent.close(), portal.close(), stranger.close()]);
    rmSync(home, { recursive: true });
  });

  /** The click that starts everything, and the window it opens. */
  async function started(site: Site, path: string): Promise<{ page: Page; consent: Page }> {
    const page = await context.newPage();
    await page.goto(`${site.origin}/#${agent.own}|${path}`);
    const [consent] = await Promise.all([context.waitForEvent('page'), page.click('#go')]);
    await consent.waitForLoadState();
    return { page, consent };
  }
  const heardBy = async (page: Page): Promise<string> => {
    await page.waitForFunction('/answer|failed/.test(document.getElementById("heard").textContent)');
    return await page.textContent('#heard') ?? '';
  };

  it('names the site that asks and takes the PIN from the keyboard; the site never sees it', async () => {
    inserted(certificateCard);
    const requests: { url: string; body: string | null }[] = [];
    context.on('request', (request) => requests.push({ url: request.url(), body: request.postData() }));
    const { page, consent } = await started(portal, '/certificate-signature');
    await consent.waitForSelector('#question:not([hidden])');
    expect(await consent.textContent('#origin')).toBe(portal.origin);
    expect(await violationsOn(consent)).toEqual([]);
    expect(await consent.evaluate('document.activeElement.id')).toBe('pin');
    await keepPicture(consent, 'certificate');
    await consent.waitForSelector('#allow:not([disabled])');
    await consent.keyboard.type(pin);
    await consent.keyboard.press('Enter');
    const heard = await heardBy(page);
    expect(heard).toMatch(/answer 200 .*certificate-signature:1\.0/);
    expect(await consent.textContent('#outcome')).toContain('完成');
    expect(heard).not.toContain(pin);
    expect(await page.content()).not.toContain(pin);
    expect(heard).not.toMatch(/window (?!SecurityError|TypeError)/);
    const withPin = requests.filter(({ url, body }) => `${url}${body ?? ''}`.includes(pin));
    expect(withPin.map(({ url }) => url)).toEqual([`${agent.own}/consent/decision`]);
  });

  it('is reached and left by the Tab key, and a no signs nothing', async () => {
    inserted(certificateCard);
    const { page, consent } = await started(portal, '/certificate-signature');
    await consent.waitForSelector('#allow:not([disabled])');
    await consent.focus('#certificate');
    const reached = [];
    while (reached.length < 3) {
      await consent.keyboard.press('Tab');
      reached.push(await consent.evaluate('document.activeElement.id'));
    }
    expect(reached).toEqual(['pin', 'allow', 'deny']);
    await consent.keyboard.press('Space');
    expect(await heardBy(page)).toMatch(/answer 403 .*consent-denied/);
  });

  it('says what of the 健保卡 the site will receive, and its button sleeps at first', async () => {
    inserted(nhiCard);
    const { page, consent } = await started(portal, '/nhi-card');
    await consent.waitForSelector('#question:not([hidden])');
    expect(await consent.isDisabled('#allow')).toBe(true);
    expect(await consent.innerText('#nhi-card')).toContain('身分證號');
    expect(await consent.isVisible('#pin')).toBe(false);
    await consent.waitForSelector('#allow:not([disabled])');
    expect(await violationsOn(consent)).toEqual([]);
    await keepPicture(consent, 'nhi-card');
    await consent.focus('#allow');
    await consent.keyboard.press('Enter');
    expect(await heardBy(page)).toContain(nhiCard.payload);
  });

  it('shows nothing for a site that is not allowed, which hears nothing', async () => {
    inserted(certificateCard);
    const { page, consent } = await started(stranger, '/certificate-signature');
    expect(await heardBy(page)).toMatch(/failed Failed to fetch/);
    await consent.waitForSelector('#idle:not([hidden])');
    expect(await consent.isVisible('#question')).toBe(false);
    expect(await violationsOn(consent)).toEqual([]);
    expect(agent.operations.pending()).toBeNull();
  });

  it('is asked by a site of the internet only with Chrome’s Local Network Access', async () => {
    inserted(nhiCard);
    const address = new URL(portal.origin).host;
    const abroad = await openBrowser(`--ip-address-space-overrides=${address}=public`);
    context = await abroad.newContext({ locale: 'zh-TW' });
    const { page } = await started(portal, '/nhi-card');
    expect(await heardBy(page)).toMatch(/failed Failed to fetch/);
    expect(agent.operations.pending()).toBeNull();
    await context.grantPermissions(['local-network-access'], { origin: portal.origin });
    const granted = await started(portal, '/nhi-card');
    await granted.consent.waitForSelector('#allow:not([disabled])');
    await granted.consent.click('#allow');
    expect(await heardBy(granted.page)).toContain(nhiCard.payload);
    await abroad.close();
  });

  it('stands in no frame of the site', async () => {
    const page = await context.newPage();
    await page.goto(portal.origin);
    const answer = page.waitForResponse(`${agent.own}/consent`);
    await page.setContent(`<iframe src="${agent.own}/consent"></iframe>`);
    expect((await answer).status()).toBe(403);
    expect(await page.frames()[1]?.content()).not.toContain('讀卡元件');
  });
});

/** For somebody to look at: CONSENT_PICTURES names the folder. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['CONSENT_PICTURES'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
