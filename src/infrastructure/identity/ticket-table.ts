import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import type {
  FoundTicket, TicketFor, TicketPurpose, Tickets,
} from '../../application/identity/identity-stores.js';
import { digestOfSecret } from './digests.js';

const ticketBytes = 32;

interface Row {
  readonly registration_id: string;
  readonly change_id: string | null;
  readonly valid_until: Date;
}

export class TicketTable implements Tickets {
  constructor(private readonly pool: Pool) {}

  async issue({ registrationId, purpose, validUntil, changeId }: TicketFor): Promise<string | null> {
    const ticket = randomBytes(ticketBytes).toString('base64url');
    const { rowCount } = await this.pool.query(
      `INSERT INTO identity.tickets AS known (ticket_hash, registration_id, purpose, valid_until, change_id)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (registration_id, purpose) DO UPDATE SET ticket_hash = excluded.ticket_hash,
         valid_until = excluded.valid_until, change_id = excluded.change_id
       WHERE excluded.change_id IS NULL OR known.change_id IS DISTINCT FROM excluded.change_id`,
      [digestOfSecret(ticket), registrationId, purpose, validUntil, changeId ?? null]);
    return rowCount === 1 ? ticket : null;
  }

  async find(ticket: string, purpose: TicketPurpose): Promise<FoundTicket | null> {
    const { rows: [row] } = await this.pool.query<Row>(
      `SELECT registration_id, change_id, valid_until FROM identity.tickets
       WHERE ticket_hash = $1 AND purpose = $2`, [digestOfSecret(ticket), purpose]);
    return row ? {
      registrationId: row.registration_id, changeId: row.change_id, validUntil: row.valid_until.toISOString(),
    } : null;
  }

  async use(ticket: string, purpose: TicketPurpose): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      'DELETE FROM identity.tickets WHERE ticket_hash = $1 AND purpose = $2',
      [digestOfSecret(ticket), purpose]);
    return rowCount === 1;
  }

  async removeAll(registrationId: string): Promise<void> {
    await this.pool.query('DELETE FROM identity.tickets WHERE registration_id = $1', [registrationId]);
  }

  async overdue(purpose: TicketPurpose, at: string, limit: number): Promise<readonly string[]> {
    const { rows } = await this.pool.query<Pick<Row, 'registration_id'>>(
      `SELECT registration_id FROM identity.tickets WHERE purpose = $1 AND valid_until < $2
       ORDER BY valid_until LIMIT $3`, [purpose, at, limit]);
    return rows.map((row) => row.registration_id);
  }
}
