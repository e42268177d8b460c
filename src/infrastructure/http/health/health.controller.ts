import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../access.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';

/** Whether this process can do its work now: database reachable, everything started, not shutting down. */
export interface Readiness {
  isReady(): Promise<boolean>;
}
export const READINESS = Symbol('Readiness');

const ok = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(@Inject(READINESS) private readonly readiness: Readiness) {}

  @Get('live')
  @Access('anyone')
  @ApiOperation({ summary: 'the process answers' })
  @ApiResponse({ status: 200, standardSchema: ok })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @Access('anyone')
  @ApiOperation({ summary: 'the service can answer' })
  @ApiResponse({ status: 200, standardSchema: ok })
  @Refuses('http/unavailable')
  async ready(): Promise<{ status: 'ok' }> {
    if (await this.readiness.isReady()) return { status: 'ok' };
    throw new Problem('http/unavailable', { headers: { 'retry-after': '1' } });
  }
}
