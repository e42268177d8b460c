import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantRefusal, ChangeContact as Change } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { applicantStream } from '../stream-names.js';

/** The caller's own contact data, and nobody else's. */
export class ChangeContact extends Command<Outcome<ApplicantRefusal>> {
  constructor(readonly context: CommandContext, readonly contact: Change['contact']) {
    super();
  }
}

@CommandHandler(ChangeContact)
export class ChangeContactHandler implements ICommandHandler<ChangeContact> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ context, contact }: ChangeContact): Promise<Outcome<ApplicantRefusal>> {
    const { principal: { id: by, applicantId }, commandId: changeId, at } = context;
    if (applicantId === undefined) return { outcome: 'refused', code: 'applicant/unknown' };
    return handle(this.log, applicantDecider, applicantStream(applicantId), {
      command: { type: 'ChangeContact', applicantId, changeId, contact, by, at },
      meta: appendMeta(context),
    });
  }
}
