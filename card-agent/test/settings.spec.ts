import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOrigin } from '../src/origin.js';
import { SettingsError, defaultPort, loadSettings } from '../src/settings.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'card-agent-settings-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('an origin', () => {
  it.each([
    'https://a.gov.tw', 'https://a.gov.tw:8443', 'http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:1',
  ])('%s may be allowed', (text) => expect(isOrigin(text)).toBe(true));

  it.each([
    'https://a.gov.tw/', 'https://a.gov.tw/x', 'https://A.gov.tw', 'https://a.gov.tw:443', 'http://a.gov.tw', '*',
    'null', '', 'https://*.gov.tw', 'https://u@a.gov.tw', 'https://a.gov.tw#', 'file:///x', 'https://財政.tw',
    `https://${'a'.repeat(260)}.tw`,
  ])('%p may not', (text) => expect(isOrigin(text)).toBe(false));
});

describe('settings', () => {
  it('allow nobody unless told', () => {
    expect(loadSettings({ home }, {})).toEqual({
      origins: [], port: defaultPort, keysDirectory: join(home, 'keys'),
      demoCards: null, certificateModule: null,
    });
  });

  it('come from flags before environment before the file', () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'settings.json'), '{"origins":["https://file.tw"],"port":2000}');
    expect(loadSettings({ home }, {})).toMatchObject({ origins: ['https://file.tw'], port: 2000 });
    const environment = {
      CARD_AGENT_HOME: home, CARD_AGENT_ORIGINS: 'https://a.tw, https://b.tw', CARD_AGENT_PORT: '3000',
    };
    expect(loadSettings({}, environment)).toMatchObject({ origins: ['https://a.tw', 'https://b.tw'], port: 3000 });
    expect(loadSettings({ origin: ['https://flag.tw'], port: '4000' }, environment))
      .toMatchObject({ origins: ['https://flag.tw'], port: 4000 });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an origin with a path', { origin: ['https://a.tw/x'] }], ['a pattern', { origin: ['*'] }],
    ['a port of the system', { port: '80' }], ['no number for a port', { port: 'x' }],
    ['more sites than anyone reviews', { origin: Array.from({ length: 17 }, (_, at) => `https://a${at}.tw`) }],
    ['demo cards for a site elsewhere', { origin: ['https://a.tw'], 'demo-cards': 'x' }],
  ])('are refused with %s', (_, flags) =>
    expect(() => loadSettings({ home, ...flags }, {})).toThrow(SettingsError));

  it('are refused with a file that is no JSON object', () => {
    for (const content of ['[', '[]', 'null', '"x"']) {
      writeFileSync(join(home, 'settings.json'), content);
      expect(() => loadSettings({ home }, {})).toThrow(SettingsError);
    }
  });
});
