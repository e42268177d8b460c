import { rebuild } from '../infrastructure/read-store/rebuild.js';
import { runCommandLine } from './command-line.js';
import { projectionsNamed, withParts } from './with-parts.js';

const help = `由事件重建讀取表：在旁邊建好後一次換上，查詢不受影響。
Rebuilds read tables from the log: beside the live ones, swapped in at the end, unnoticed by readers.

  npm run rebuild                     全部 / all tables
  npm run rebuild -- <name> …         只重建這些 / these only, e.g. reconciliation

DATABASE_URL, MASTER_KEY   不設定時使用內嵌資料庫 / the embedded database when unset`;

await runCommandLine({
  help,
  options: {},
  run: (_values, names, signal) => {
    const chosen = projectionsNamed(names);
    return withParts(async ({ log, pool }) => {
      for (const projection of chosen) {
        const began = performance.now();
        const { position } = await rebuild({ log, pool, projection, signal });
        const seconds = ((performance.now() - began) / 1_000).toPrecision(3);
        console.log(`${projection.name}：已重建至位置 ${position}（${seconds} 秒）。 `
          + `Rebuilt up to position ${position} in ${seconds} s.`);
      }
      return 0;
    });
  },
});
