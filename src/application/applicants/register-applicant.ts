import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantKind } from '../../domain/applicants/applicant.events.js';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { applicantStream } from '../stream-names.js';

export interface Registration {
  readonly kind: ApplicantKind;
  readonly idNumber: string;
  readonly name: string;
}

/** Who signs in with a credential for the first time registers with what the credential says. */
export class RegisterApplicant extends Command<Outcome<ApplicantRefusal>> {
  constructor(readonly context: CommandContext, readonly registration: Registration) {
    super();
  }
}

@CommandHandler(RegisterApplicant)
export class RegisterApplicantHandler implements ICommandHandler<RegisterApplicant> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ context, registration }: RegisterApplicant): Promise<Outcome<ApplicantRefusal>> {
    const { principal: { applicantId }, at } = context;
    if (applicantId === undefined) return { outcome: 'refused', code: 'applicant/unknown' };
    return handle(this.log, applicantDecider, applicantStream(applicantId), {
      command: { type: 'RegisterApplicant', applicantId, ...registration, at },
      meta: appendMeta(context),
    });
  }
}
