import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { PasswordRefusal } from '../../domain/identity/password-policy.js';
import { passwordProblem } from '../../domain/identity/password-policy.js';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import { confirmWithinMs } from '../../domain/identity/registration.js';
import { isIdNumber } from '../../domain/identifiers/id-number.js';
import { instantAfter } from '../../domain/instants.js';
import { taipeiDate } from '../../domain/roc-date.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { deleteRegistration, lapseRegistration } from './erase-registration.js';
import type { HouseholdAnswer, IdentityStores, Person } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { mailTicket } from './mailed-tickets.js';
import { record, registrationState, stepId, stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

export interface Application {
  readonly householdNumber: string;
  readonly address: string;
  readonly password: string;
  readonly email: string;
  readonly mobile: string;
  readonly noticeVersion: string;
}
export type ApplyRefusal =
  | RegistrationRefusal | PasswordRefusal | 'registration/household-mismatch' | 'sign-in/busy'
  | 'registration/household-unavailable' | 'registration/id-number-void';

/** 首次登入請先申請: nothing counts until it is confirmed with a ticket and the card once more. */
export class ApplyForRegistration extends Command<Outcome<ApplyRefusal>> {
  constructor(
    readonly context: CommandContext, readonly card: VerifiedCard, readonly application: Application,
  ) {
    super();
  }
}

const no = <Code extends ApplyRefusal>(code: Code) => ({ outcome: 'refused', code } as const);

@CommandHandler(ApplyForRegistration)
export class ApplyForRegistrationHandler implements ICommandHandler<ApplyForRegistration> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, card, application }: ApplyForRegistration): Promise<Outcome<ApplyRefusal>> {
    const { householdNumber, address, password, email, mobile } = application;
    if (!isIdNumber(card.idNumber, taipeiDate(context.at))) return no('registration/id-number-void');
    const problem = passwordProblem(password, { ...card, email, mobile });
    if (problem !== null) return no(problem);
    const household =
      await this.stores.households.check({ idNumber: card.idNumber, householdNumber, address });
    if (household === null) return no('registration/household-unavailable');
    if (!household.matches) return no('registration/household-mismatch');
    const known = await this.stores.people.obtain(card.idNumber);
    const isFree = await this.makeRoom(context, known);
    if (isFree.outcome !== 'done') return isFree;
    // A deleted registration took what was known of the person with it.
    const person = await this.stores.people.obtain(card.idNumber);
    return this.apply(new ApplyForRegistration(context, card, application), person, household);
  }

  /** An application nobody confirmed makes way for a new one: perhaps the e-mail was misspelt. */
  private async makeRoom(
    context: CommandContext, { personId, applicantId, registrationId }: Person,
  ): Promise<Outcome<ApplyRefusal>> {
    const done = { outcome: 'done', position: null, replayed: false } as const;
    if (registrationId === null) return done;
    const whose = { personId, applicantId, registrationId };
    const { status } = await registrationState(this.stores.log, registrationId);
    switch (status) {
      case 'none': return done;
      case 'confirmed': return no('registration/already-registered');
      case 'applied': case 'lapsed': return lapseRegistration(this.stores, context, whose, 'applied-again');
      case 'deleted': return deleteRegistration(this.stores, context, whose);
    }
  }

  private async apply(
    { context, card, application }: ApplyForRegistration, person: Person, household: HouseholdAnswer,
  ): Promise<Outcome<ApplyRefusal>> {
    const { people, passwords, log } = this.stores;
    const { at } = context;
    const registrationId = stepId(context, 'registration');
    const deadline = instantAfter(at, confirmWithinMs) ?? at;
    const replaces = person.registrationId;
    const { cardNumber, idNumber, name } = card;
    if (!await people.claim(person.personId, { registrationId, cardNumber, replaces, deadline })) {
      return no('registration/already-registered');
    }
    const { password, email, mobile, noticeVersion } = application;
    const isSet = await passwords.inTurn(async (turn) => {
      await turn.set(registrationId, password);
      return true;
    });
    if (isSet === null) return no('sign-in/busy');
    const outcome = await record(log, {
      type: 'ApplyForRegistration', registrationId, personId: person.personId, cardNumber, idNumber, name,
      email, mobile, householdCheckedAsOf: household.asOf, noticeVersion, at,
    }, stepOf(context, 'apply'));
    if (outcome.outcome !== 'done') return outcome;
    return mailTicket(this.stores, context,
      { registrationId, purpose: 'confirmation', to: email, validUntil: deadline });
  }
}
