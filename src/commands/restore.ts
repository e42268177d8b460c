import { readFileSync } from 'node:fs';
import { restore } from '../infrastructure/backup/restore.js';
import { WrongUse, fromWhereCalled, runCommandLine } from './command-line.js';
import { withDatabase } from './database.js';

const help = `將備份還原至全新的資料庫；不成功則什麼都不留下。
Restores a backup into a new database: all of it or, whatever goes wrong, nothing.

  npm run restore -- DIR [--erased=FILE]

--erased     每行一個識別碼：備份後才被刪除個資的人，還原後再次銷毀其金鑰。通常是最新備份的 erased-subjects.txt
             ids, one a line, of those who were erased after this backup was made: their keys are destroyed
             again. Usually the erased-subjects.txt of the newest backup there is

之後啟動服務，讀取表會由事件重建。 Then start the service: its tables fill from the log.

DATABASE_URL, MASTER_KEY   不設定時使用內嵌資料庫 / the embedded database when unset`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

await runCommandLine({
  help,
  options: { erased: { type: 'string' } },
  run: ({ erased: list }, [directory, ...more]) => {
    if (directory === undefined || more.length > 0) throw new WrongUse('請指定一個目錄。 Name one directory.');
    const erased = typeof list === 'string' ? subjectsIn(fromWhereCalled(list)) : [];
    return withDatabase(async ({ url, masterKey }) => {
      const { position, madeAt } = await restore({
        databaseUrl: url, masterKey, directory: fromWhereCalled(directory), erased,
        say: (line) => { console.log(line); },
      });
      console.log(`已還原至位置 ${position}（備份於 ${madeAt}）。 Restored up to position ${position}, backed up `
        + `at ${madeAt}.`);
      return 0;
    });
  },
});

/** A list half understood would leave somebody unforgotten. */
function subjectsIn(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split(/\s+/).filter((word) => word !== '');
  const wrong = lines.findIndex((line) => !uuid.test(line));
  if (wrong !== -1) throw new WrongUse(`${file}：第 ${wrong + 1} 個不是識別碼。 Entry ${wrong + 1} is not an id.`);
  return lines;
}
