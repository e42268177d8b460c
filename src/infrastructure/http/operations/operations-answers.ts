import { z } from 'zod';
import type { OperationsReport, ProjectionReport } from '../../operations/operations.js';
import { query } from '../schemas.js';

/** What to do about a table that stands before a fact. The log is never changed to get past it. */
const wayOn = '事件不可更改：請修正程式使其能讀取此事件並重新部署投影程序，即自動由此續行；在此之前的內容均正確。 / '
  + 'The fact stays as it is. Correct the code so that it can take the fact in and start the projectors of '
  + 'that version: they go on from here by themselves. Everything up to here is shown as it should be.';

const position = z.string().meta({ description: 'in the log', examples: ['40213'] });

const rebuild = z.object({
  step: z.enum(['reading', 'indexing', 'swapping']),
  position, until: position,
  percent: z.int().min(0).max(100).meta({ description: 'of the log read; indexing and swapping follow' }),
  startedAt: z.string(),
}).nullable();

const stopped = z.object({
  position, stream: z.string(), type: z.string(),
  version: z.int().nullable().meta({ description: 'of the schema under which the fact was stored' }),
  why: z.string(), wayOn: z.string().meta({ description: '中文 / English' }),
}).nullable();

const projection = z.object({
  projection: z.string(),
  version: z.int().meta({ description: 'of the table as it is' }),
  expectedVersion: z.int().meta({ description: 'of the code; its projectors rebuild the table' }),
  position,
  lag: z.object({
    events: z.int().nullable().meta({ description: 'null where positions do not count facts (KurrentDB)' }),
    seconds: z.number().meta({ description: 'age of the oldest fact not shown yet' }),
  }),
  state: z.enum(['working', 'waiting', 'rebuilding', 'stopped'])
    .meta({ description: 'waiting: no projector holds the table, none runs or one is about to take over' }),
  rebuild, stopped,
});

const first = z.object({
  deliveryId: z.string(), batchId: z.string().nullable(), phase: z.string(), receivedAt: z.string(),
  linesChecked: z.int(), linesRecorded: z.int(),
}).nullable();

export const operationsQuery = query({}).omit({ 'wait-for': true });

export const operationsAnswer = z.object({
  head: position,
  projections: z.array(projection),
  deliveries: z.object({ pending: z.int(), first }),
}).meta({ id: 'Operations' });
export type OperationsAnswer = z.output<typeof operationsAnswer>;

export const answerOf = ({ head, projections, deliveries }: OperationsReport): OperationsAnswer =>
  ({ head, deliveries, projections: projections.map(projectionAnswer) });

function projectionAnswer(report: ProjectionReport): OperationsAnswer['projections'][number] {
  const { rebuild: underWay, stopped: at } = report;
  return {
    ...report,
    rebuild: underWay && { ...underWay, percent: percentOf(underWay.position, underWay.until) },
    stopped: at && { ...at, wayOn },
  };
}

/** Positions may exceed what a number can hold. */
function percentOf(done: string, all: string): number {
  if (BigInt(all) === 0n) return 100;
  const percent = Number(BigInt(done) * 100n / BigInt(all));
  return Math.min(percent, 100);
}
