import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { Enrolment, RegistrationFact } from '../../domain/identity/registration.events.js';
import { registrationStream } from '../stream-names.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { Contact } from './registration-contact.js';
import { contactOf } from './registration-contact.js';

export interface EnrolledAgent {
  readonly agentId: string;
  readonly keyId: string;
  readonly through: Enrolment;
  readonly enrolledAt: string;
}
export interface RegistrationView {
  readonly contact: Contact;
  readonly confirmedAt: string;
  /** Those that count; revoked ones are history. */
  readonly agents: readonly EnrolledAgent[];
}

/** One's own registration, from its own stream: what was just revoked is gone. */
export class FindRegistration extends Query<RegistrationView | null> {
  constructor(readonly registrationId: string) { super(); }
}

@QueryHandler(FindRegistration)
export class FindRegistrationHandler implements IQueryHandler<FindRegistration> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ registrationId }: FindRegistration): Promise<RegistrationView | null> {
    const contact = await contactOf(this.stores, registrationId);
    const agents = new Map<string, EnrolledAgent>();
    let confirmedAt: string | null = null;
    for await (const fact of this.stores.log.readStream(registrationStream(registrationId))) {
      const { type, data } = fact as unknown as RegistrationFact;
      if (type === 'RegistrationConfirmed') ({ confirmedAt } = data);
      if (type === 'AgentEnrolled') {
        const { agentId, keyId, through, enrolledAt } = data;
        agents.set(agentId, { agentId, keyId, through, enrolledAt });
      }
      if (type === 'AgentRevoked') agents.delete(data.agentId);
      if (type === 'RegistrationDeleted') return null;
    }
    return contact === null || confirmedAt === null ? null
      : { contact, confirmedAt, agents: [...agents.values()] };
  }
}
