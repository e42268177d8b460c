import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Figures {
  readonly rounds: number; readonly acknowledged: number; readonly lost: number; readonly duplicated: number;
  readonly gaps: number; readonly unfinished_deliveries: number; readonly differing_rows: number;
  readonly unexpected_exits: number; readonly wrong_answers: number; readonly unanswered: number;
  readonly stuck: number; readonly controls: Readonly<Record<string, boolean>>;
  readonly evidence: readonly string[];
}

const root = resolve(__dirname, '..', '..');
const rounds = 6;
/** The two that a single kill brings to light; `npm run faults -- --controls` plants all. */
const controls = ['no-error-listener', 'no-idempotency-key'];

/** `npm run faults`, short: the same harness and service, in three processes, a PostgreSQL of its own. */
async function runFaults(): Promise<Figures> {
  const directory = mkdtempSync(join(tmpdir(), 'treasury-faults-spec-'));
  const json = join(directory, 'figures.json');
  const planted = controls.flatMap((name) => ['--control', name]);
  const bounds = ['--each', '1', '--rounds', String(rounds), '--control-rounds', '1'];
  const parameters = [...bounds, ...planted, '--json', json];
  try {
    // Exit code 1 is a finding, told by the figures; without figures the harness itself has failed.
    const words = await new Promise<string>((tell) => {
      execFile(process.execPath, [join(root, 'faults', 'run.mjs'), ...parameters], (_error, out, errors) =>
        tell(`${out}${errors}`));
    });
    try {
      return JSON.parse(readFileSync(json, 'utf8')) as Figures;
    } catch (cause) {
      throw new Error(`the harness left no figures:\n${words}`, { cause });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('kill -9 of API, projector, worker and PostgreSQL under retrying clients', () => {
  let figures: Figures;

  beforeAll(async () => {
    figures = await runFaults();
  }, 360_000);

  it('loses nothing, repeats nothing, and leaves every table as a replay writes it', () => {
    const { evidence } = figures;
    expect({ evidence, figures }).toMatchObject({ evidence: [], figures: {
      rounds, lost: 0, duplicated: 0, gaps: 0, unfinished_deliveries: 0, differing_rows: 0,
    } });
  });

  it('ends no process that was not killed, and leaves no request without its right answer', () => {
    expect(figures).toMatchObject({ unexpected_exits: 0, wrong_answers: 0, unanswered: 0, stuck: 0 });
    expect(figures.acknowledged).toBeGreaterThan(200);
  });

  it.each(controls)('is survived for a reason: %s is caught', (name) => {
    expect(figures.controls[name]).toBe(true);
  });
});
