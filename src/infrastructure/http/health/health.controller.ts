import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { Readiness } from '../../management/readiness.js';
import { Access } from '../access.js';
import { NeverRefused } from '../admission/admission.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';

export const READINESS = Symbol('Readiness');

const ok = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  @Get('live')
  @Access('anyone')
  @NeverRefused()
  @ApiOperation({ summary: 'the process answers' })
  @ApiResponse({ status: 200, standardSchema: ok })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Access('anyone')
  @NeverRefused()
  @ApiOperation({ summary: 'the service can answer; otherwise what it waits for' })
  @ApiResponse({ status: 200, standardSchema: ok })
  @Refuses('http/unavailable')
  async ready(): Promise<{ status: 'ok' }> {
    const waitingFor = await this.readiness.waitingFor();
    if (waitingFor.length === 0) return { status: 'ok' };
    throw new Problem('http/unavailable', { headers: { 'retry-after': '1' }, extensions: { waitingFor } });
  }
}
