import type { Pool } from 'pg';
import type { Position } from '../../application/event-log.js';

type Step = 'reading' | 'indexing' | 'swapping';

/** Often enough for a person who watches, seldom enough to cost a rebuild nothing. */
const tellEveryMs = 1_000;

const tellSql = `
  INSERT INTO read.rebuilds (projection, step, position, until) VALUES ($1, $2, $3, $4)
  ON CONFLICT (projection) DO UPDATE SET step = $2, position = $3, until = $4,
    started_at = CASE WHEN $5 THEN now() ELSE rebuilds.started_at END`;

/**
 * Tells operators how far a rebuild has come, beside its own connection: that one may be in the middle of a
 * COPY. Nothing depends on it, so what cannot be told is left out.
 */
export class RebuildProgress {
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();
  private isFirst = true;

  constructor(private readonly pool: Pool, private readonly projection: string) {}

  begins(step: Step, work: { readonly readUpTo: Position }, until: Position): void {
    clearInterval(this.timer);
    const tell = (): void => {
      this.telling = this.telling.then(() => this.tell(step, work.readUpTo, until));
    };
    tell();
    this.timer = setInterval(tell, tellEveryMs).unref();
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
  }

  private async tell(step: Step, position: Position, until: Position): Promise<void> {
    const { isFirst } = this;
    this.isFirst = false;
    await this.pool.query(tellSql, [this.projection, step, position, until, isFirst]).catch(() => undefined);
  }
}
