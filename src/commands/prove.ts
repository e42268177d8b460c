import type { Proof } from '../infrastructure/read-store/prove.js';
import { prove } from '../infrastructure/read-store/prove.js';
import { runCommandLine } from './command-line.js';
import { projectionsNamed, withParts } from './with-parts.js';

const help = `證明讀取表與事件相符：由事件在旁邊重建，與現有的表逐位元組比較。
Proves that read tables say what the log says: rebuilds them beside the live ones and compares byte by byte.

  npm run prove                       全部 / all tables
  npm run prove -- <name> …           只證明這些 / these only, e.g. reconciliation

結束碼 / exit code: 0 全部相同 / all equal, 1 有差異 / a difference was found
DATABASE_URL, MASTER_KEY   不設定時使用內嵌資料庫 / the embedded database when unset`;

await runCommandLine({
  help,
  options: {},
  run: (_values, names, signal) => {
    const chosen = projectionsNamed(names);
    return withParts(async ({ log, pool }) => {
      let allEqual = true;
      for (const projection of chosen) {
        const proof = await prove({ log, pool, projection, signal });
        console.log(told(proof));
        allEqual &&= proof.outcome === 'equal';
      }
      return allEqual ? 0 : 1;
    });
  },
});

function told(proof: Proof): string {
  const { projection, position } = proof;
  switch (proof.outcome) {
    case 'equal':
      return `${projection}：相同 equal — ${proof.rows} rows at position ${position}, sha256 ${proof.digest}`;
    case 'other-version':
      return `${projection}：版本不同，請先重建 built by version ${proof.liveVersion} of its definition, `
        + `which is now ${proof.version}: npm run rebuild -- ${projection}`;
    case 'different':
      return `${projection}：不同 DIFFERENT at position ${position}\n`
        + `  現有 live:    ${proof.live.rows} rows, sha256 ${proof.live.digest}\n`
        + `  重建 rebuilt: ${proof.rebuilt.rows} rows, sha256 ${proof.rebuilt.digest}\n`
        + `  第一個差異 first difference: ${JSON.stringify(proof.first)}`;
  }
}
