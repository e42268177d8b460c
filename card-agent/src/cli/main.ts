import { parseArgs } from 'node:util';
import { AgentError } from '../agent-error.js';
import { SettingsError, loadSettings } from '../settings.js';
import { listCertificates, signForSite } from './certificate-commands.js';
import type { Call } from './commands.js';
import { attestCard, keys, readCard, showStatus, showVersion } from './commands.js';
import { serve } from './serve.js';
import { openTerminal, printError } from './terminal.js';

const usage = `用法 Usage: card-agent <command> [--json] [--home <folder>]

  serve     聽候允許的網站 Serve the allowed sites   [--origin https://…] [--port <first port>]
  status    讀卡機與有無卡片 Readers, and whether a card is in them
  read      讀出健保卡給本人看 Show the 健保卡 to its holder
  attest    為網站產生讀卡證明 Attest the card for a site   --for <origin> --nonce <base64> [--yes]
  certificates  憑證卡上可簽章的憑證 Certificates to sign with   [--certificate-module <PKCS#11 module>]
  sign      以憑證為網站簽章，PIN 由終端機輸入 Sign for a site, the PIN typed at the terminal
            --for <origin> --nonce <base64> [--certificate <id>] [--yes]
  keys      各網站的金鑰 Keys of the sites   [list | remove <origin>]
  version   版本 Version

  --demo-cards <file>   以示範卡片代替讀卡機，只限本機網站 Demo cards in place of a reader, local sites only
`;

const commands: Readonly<Record<string, (call: Call) => void | Promise<void>>> = {
  serve: ({ settings, terminal }) => serve(settings, terminal),
  status: showStatus,
  read: readCard,
  attest: attestCard,
  certificates: listCertificates,
  sign: signForSite,
  keys,
  version: showVersion,
};

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const options = {
  json: yes, yes, help: yes, home: text, port: text, for: text, nonce: text, 'demo-cards': text,
  certificate: text, 'certificate-module': text,
  origin: { type: 'string', multiple: true },
} as const;

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch {
    return null;
  }
}

/** The process's exit code: 0 done, 1 not done (a code says why), 2 not a command. */
export async function run(words: string[]): Promise<number> {
  const parsed = parse(words);
  const command = commands[parsed?.positionals[0] ?? ''];
  if (!parsed || !command || parsed.values.help) {
    (parsed?.values.help ? process.stdout : process.stderr).write(usage);
    return parsed?.values.help ? 0 : 2;
  }
  const { values: flags, positionals } = parsed;
  const terminal = openTerminal(flags.json === true);
  try {
    await command({ settings: loadSettings(flags, process.env), terminal, words: positionals, flags });
    return 0;
  } catch (error) {
    if (error instanceof AgentError) printError(terminal, error);
    else if (error instanceof SettingsError) terminal.note(error.message);
    else terminal.note(`讀卡元件發生錯誤： the agent failed: ${error instanceof Error ? error.message : ''}`);
    return 1;
  }
}
