import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { StaffListRefusal } from '../../domain/identity/staff-list.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { stepId } from './registrations.js';
import type { NewStaffMember } from './staff-changes.js';
import { addToStaffList } from './staff-changes.js';

type Result = Extract<Outcome, { outcome: 'done' }> & { readonly memberId: string };
export type StaffListOutcome = Result | Exclude<Outcome<StaffListRefusal>, { outcome: 'done' }>;

/** By an operator, for somebody else. */
export class AddToStaffList extends Command<StaffListOutcome> {
  constructor(readonly context: CommandContext, readonly added: Omit<NewStaffMember, 'memberId'>) {
    super();
  }
}

@CommandHandler(AddToStaffList)
export class AddToStaffListHandler implements ICommandHandler<AddToStaffList> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, added }: AddToStaffList): Promise<StaffListOutcome> {
    const memberId = stepId(context, 'member');
    const { principal: { id: by } } = context;
    const isOwn = async (idNumber: string): Promise<boolean> =>
      (await this.stores.people.find(idNumber))?.personId === by;
    const adder = { through: 'operator' as const, by, isOwn };
    const outcome = await addToStaffList(this.stores, { ...added, memberId }, adder, appendMeta(context));
    return outcome.outcome === 'done' ? { ...outcome, memberId } : outcome;
  }
}
