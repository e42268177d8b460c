// Lints texts as if they stood in the given files: [{ file, code }] on stdin; on stdout what was said of
// each, and the message of every ban that applies to those files. ESLint reads its configuration as an ES
// module, which jest's CommonJS sandbox cannot: hence a process of its own.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';

const eslint = new ESLint();
const said = [];
const bans = new Set();

const bannedBy = ([, ...options]) => options.flatMap((option) => option.paths ?? [option]);

for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const [result] = await eslint.lintText(code, { filePath: file });
  said.push(result.messages.map(({ ruleId, message }) => `${ruleId ?? 'fatal'}: ${message}`));
  const { rules } = await eslint.calculateConfigForFile(file);
  for (const name of Object.keys(rules).filter((rule) => rule.startsWith('no-restricted-'))) {
    for (const { message } of bannedBy(rules[name])) bans.add(message);
  }
}
process.stdout.write(JSON.stringify({ said, bans: [...bans] }));
