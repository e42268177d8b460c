import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

const executable = [
  process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((file) => file !== '' && existsSync(file));

/** Only where there is a Chromium (npm test installs one as root, and says loudly when it cannot). */
// eslint-disable-next-line no-restricted-syntax
export const describeInBrowser = executable === undefined ? describe.skip : describe;

/** Nothing of its own on the network: no updates, no first-run pages. A profile of its own each time. */
export const openBrowser = (...more: readonly string[]): Promise<Browser> => chromium.launch({
  executablePath: executable ?? '', headless: true,
  args: [
    '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', ...more,
  ],
});

export interface Site {
  readonly origin: string;
  close(): Promise<void>;
}

/** Pages of somebody's site, on this machine. */
export async function openSite(html: string): Promise<Site> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

interface Violation { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

/** What axe-core has to say against a page as it stands. */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate('axe.run()') as { violations: Violation[] };
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
