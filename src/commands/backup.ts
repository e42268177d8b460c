import { backUp } from '../infrastructure/backup/back-up.js';
import { WrongUse, asSeenByCaller, fromWhereCalled, runCommandLine } from './command-line.js';
import { withDatabase } from './database.js';

const help = `備份無法再生的一切：事件、個資金鑰、未入帳的批次檔。服務可照常運作。
Saves all that cannot be made again: the log, the keys of personal data, batch files under way. The service
may go on.

  npm run backup -- DIR               DIR 須為空目錄或不存在 / an empty directory, or none yet

MASTER_KEY 不在備份內，必須另外保管；沒有它，備份中的個資無法解讀。
MASTER_KEY is not in the backup. Keep it elsewhere: without it no personal data of the backup can be read.

DATABASE_URL, MASTER_KEY   不設定時使用內嵌資料庫 / the embedded database when unset`;

await runCommandLine({
  help,
  options: {},
  run: (_values, [directory, ...more], signal) => {
    if (directory === undefined || more.length > 0) throw new WrongUse('請指定一個目錄。 Name one directory.');
    const into = fromWhereCalled(directory);
    return withDatabase(async ({ url, masterKey }, { EVENT_STORE_URL: kurrent }) => {
      const { position } = await backUp({
        databaseUrl: url, masterKey, directory: into, madeAt: new Date().toISOString(), signal,
        say: (line) => { console.log(line); },
      });
      if (kurrent !== undefined) {
        console.log('事件在 KurrentDB，須先另行備份。 The log is in KurrentDB, which must have been saved before this.');
      }
      console.log(`已備份至位置 ${position}：${asSeenByCaller(into)}。 Backed up to position ${position}.`);
      return 0;
    });
  },
});
