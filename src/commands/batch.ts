import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { WrongUse, fromWhereCalled, runCommandLine } from './command-line.js';
import type { Service } from './service-client.js';
import { ask, askUntil, findService } from './service-client.js';

const help = `將支付批次檔送交執行中的服務；整檔通過才入帳，否則列出錯誤。
Delivers a payment batch to the running service; recorded as a whole or, with errors listed, not at all.

  npm run batch -- FILE [--charset=big5]

--charset     檔案編碼 utf-8（預設）或 big5 / the file's encoding: utf-8 (default) or big5
API_URL, API_TOKEN   不設定時使用 npm start 的服務 / the service of npm start when unset

結束碼 / exit code: 0 已入帳 / recorded, 1 未入帳 / not recorded`;

interface LineError {
  readonly line: number;
  readonly code: string;
  readonly field?: string;
  readonly title: string;
}
interface Outcome {
  readonly status?: string | number;
  readonly batchId: string | null;
  readonly recorded?: Readonly<Record<'payments' | 'statusChanges' | 'alreadyKnown', number>> | null;
  readonly alreadyRecorded?: boolean;
  readonly errorCount?: number;
  readonly errors?: readonly LineError[];
  readonly title?: string;
  readonly code?: string;
}
interface Delivery {
  readonly batchId: string | null;
  readonly phase: string;
  readonly outcome: 'completed' | 'refused' | null;
  readonly errorCount: number;
  readonly errors: readonly LineError[];
  readonly linesChecked: number;
  readonly linesRecorded: number;
}

/** More than a person reads at once; the service keeps the first 1,000. */
const shownErrors = 50;

await runCommandLine({
  help,
  options: { charset: { type: 'string' } },
  run: async ({ charset = 'utf-8' }, [file, ...more], signal) => {
    if (file === undefined || more.length > 0) throw new WrongUse('請指定一個檔案。 Name one file.');
    const path = fromWhereCalled(file);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
      throw new Error(`找不到檔案 ${file}。 There is no file ${file}.`);
    }
    const service = findService('operator');
    const answer = await deliver(service, path, String(charset), signal);
    const location = answer.headers.get('location');
    const outcome = answer.status === 202 && location !== null
      ? await awaitOutcome(service, location, signal).catch(sayThatItIsKept) : await answer.json() as Outcome;
    return report(outcome);
  },
});

/** Whoever loses sight of a file that was taken in wonders whether to deliver it again. */
function sayThatItIsKept(lost: Error): never {
  throw new Error(`${lost.message} 檔案已收存，服務恢復後會處理完畢；再送一次也不會重複入帳。 The file is kept `
    + 'and will be worked through; delivered again, nothing of it is recorded twice.', { cause: lost.cause });
}

/** Streamed from the disk as fast as the service takes it. */
function deliver(service: Service, file: string, charset: string, signal: AbortSignal): Promise<Response> {
  const body = Readable.toWeb(Readable.from(readTelling(file, statSync(file).size))) as ReadableStream;
  return ask(service, '/api/v1/payment-batches', {
    method: 'POST', signal, duplex: 'half', body,
    headers: { 'content-type': `text/csv; charset=${charset}`, prefer: 'wait=5' },
  } as RequestInit);
}

async function* readTelling(file: string, size: number): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    progress(`傳送 sending ${percent(sent += chunk.length, size)}`);
    yield chunk;
  }
}

/** A long file: watched until it is done. Its delivery tells what was wrong with it, its batch the rest. */
async function awaitOutcome(service: Service, location: string, signal: AbortSignal): Promise<Outcome> {
  const isFinished = ({ phase, linesChecked, linesRecorded }: Delivery): boolean => {
    progress(`${phase}: ${linesChecked} 行已檢查 lines checked, ${linesRecorded} 行已入帳 recorded`);
    return phase === 'finished';
  };
  const { batchId, outcome, errorCount, errors } = await askUntil(service, location, isFinished, signal);
  if (outcome === 'refused') return { batchId, errorCount, errors };
  return askUntil<Outcome>(service, `/api/v1/payment-batches/${batchId}`,
    ({ status }) => status === 'completed' || status === 'refused', signal);
}

function report(outcome: Outcome): number {
  if (process.stderr.isTTY) process.stderr.write('\n');
  const { batchId, recorded, alreadyRecorded, errors = [], errorCount = errors.length } = outcome;
  if (recorded) {
    const what = alreadyRecorded ? '先前已入帳，未新增。 Recorded before, nothing added.' : '已入帳。 Recorded.';
    console.log(`批次 batch ${batchId}：${what}`);
    console.log(`  付款 payments ${recorded.payments} · 狀態異動 status changes ${recorded.statusChanges} · `
      + `已有 already known ${recorded.alreadyKnown}`);
    return 0;
  }
  const { title = '整批退件 / the whole file is refused', code: why = 'batch/refused' } = outcome;
  console.error(`未入帳。 Not recorded: ${title} (${why})${errorCount > 0 ? ` · 錯誤 errors ${errorCount}` : ''}`);
  for (const { line, code, field, title } of errors.slice(0, shownErrors)) {
    console.error(`  第 ${line} 行 line ${line}${field ? ` ${field}` : ''}: ${code} ${title}`);
  }
  if (errorCount > shownErrors) console.error(`  …（其餘 ${errorCount - shownErrors} 個 more）`);
  return 1;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor(part / whole * 100)} %`;
}

/** One line that changes, for a person; nothing where the output is kept in a file. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
