import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import type { RefusalCode } from './refusals.js';
import { refusals } from './refusals.js';

export const problemSchema = z.object({
  type: z.string(),
  title: z.string().meta({ description: '中文 / English' }),
  status: z.int(),
  code: z.string().meta({ description: 'stable; programs read this' }),
  detail: z.string().optional(),
  errors: z.array(z.record(z.string(), z.unknown())).optional(),
  errorCount: z.int().optional().meta({ description: 'of a refused batch; `errors` holds the first 1,000' }),
  batchId: z.string().nullable().optional().meta({ description: 'of a refused batch' }),
  position: z.string().nullable().optional().meta({ description: 'of the fact that a batch was refused' }),
  confirmClosures: z.int().optional().meta({
    description: 'of a bank code list that looks cut off: the number to confirm, if so many are meant',
  }),
  waitingFor: z.array(z.string()).optional().meta({
    description: 'of a service that is not ready: start, shutdown, database, rebuild of a table, …',
  }),
  correlationId: z.string().optional().meta({ description: 'of a failure of ours, as in our log' }),
}).meta({ id: 'Problem' });

/** The refusals a route can answer with, by status, their codes as examples in the API's documentation. */
export function Refuses(...codes: readonly RefusalCode[]): MethodDecorator {
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of codes) {
    const { status } = refusals[code];
    byStatus.set(status, [...byStatus.get(status) ?? [], code]);
  }
  return applyDecorators(...[...byStatus].map(([status, those]) => ApiResponse({
    status,
    description: those.join(' · '),
    content: { 'application/problem+json': { schema: problemRef, examples: examplesOf(those) } },
  })));
}

const problemRef = { $ref: '#/components/schemas/Problem' };

const examplesOf = (codes: readonly RefusalCode[]) => Object.fromEntries(codes.map((code) => {
  const { status, zh, en } = refusals[code];
  return [code, { value: { type: `urn:problem-type:${code}`, title: `${zh} / ${en}`, status, code } }];
}));
