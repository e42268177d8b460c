import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Claim, Overdue, People, Person } from '../../application/identity/identity-stores.js';
import type { PersonDigests } from './digests.js';
import { sameBytes } from './digests.js';

interface Row {
  readonly person_id: string;
  readonly applicant_id: string;
  readonly registration_id: string | null;
  readonly card_digest: Buffer | null;
}
const columns = 'person_id, applicant_id, registration_id, card_digest';

export class PeopleTable implements People {
  constructor(private readonly pool: Pool, private readonly digests: PersonDigests) {}

  async find(idNumber: string): Promise<Person | null> {
    const { rows: [row] } = await this.pool.query<Row>(
      `SELECT ${columns} FROM identity.people WHERE id_digest = $1`, [this.digests.ofIdNumber(idNumber)]);
    return row ? this.personOf(row) : null;
  }

  async obtain(idNumber: string): Promise<Person> {
    await this.enter(idNumber, randomUUID());
    const person = await this.find(idNumber);
    if (!person) throw new Error('a person was forgotten while being obtained');
    return person;
  }

  /** The applicant somebody is already, where that is known otherwise. Who is known keeps theirs. */
  async enter(idNumber: string, applicantId: string, personId: string = randomUUID()): Promise<void> {
    await this.pool.query(
      `INSERT INTO identity.people (person_id, applicant_id, id_digest) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING`, [personId, applicantId, this.digests.ofIdNumber(idNumber)]);
  }

  async claim(personId: string, { registrationId, cardNumber, replaces, deadline }: Claim): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE identity.people SET registration_id = $2, card_digest = $3, open_until = $4
       WHERE person_id = $1 AND registration_id IS NOT DISTINCT FROM $5::uuid`,
      [personId, registrationId, this.digests.ofCard(cardNumber), deadline, replaces]);
    return rowCount === 1;
  }

  settled(registrationId: string): Promise<void> {
    return this.look(registrationId, null);
  }

  due(registrationId: string, at: string): Promise<void> {
    return this.look(registrationId, at);
  }

  private async look(registrationId: string, after: string | null): Promise<void> {
    await this.pool.query(
      'UPDATE identity.people SET open_until = $2 WHERE registration_id = $1', [registrationId, after]);
  }

  async overdue(at: string, limit: number): Promise<readonly Overdue[]> {
    const { rows } = await this.pool.query<Row & { registration_id: string }>(
      `SELECT ${columns} FROM identity.people WHERE open_until < $1 ORDER BY open_until LIMIT $2`,
      [at, limit]);
    return rows.map((row) => ({
      personId: row.person_id, applicantId: row.applicant_id, registrationId: row.registration_id,
    }));
  }

  async forget({ personId, registrationId }: Overdue): Promise<void> {
    await this.pool.query('DELETE FROM identity.people WHERE person_id = $1 AND registration_id = $2',
      [personId, registrationId]);
  }

  private personOf(row: Row): Person {
    const { person_id: personId, applicant_id: applicantId, registration_id: registrationId } = row;
    return {
      personId, applicantId, registrationId,
      holdsCard: (cardNumber) => row.card_digest !== null
        && sameBytes(row.card_digest, this.digests.ofCard(cardNumber)),
    };
  }
}
