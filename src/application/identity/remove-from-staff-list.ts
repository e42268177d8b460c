import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { StaffListRefusal } from '../../domain/identity/staff-list.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { removeFromStaffList } from './staff-changes.js';

/** Every role is gone with the very next request. */
export class RemoveFromStaffList extends Command<Outcome<StaffListRefusal>> {
  constructor(readonly context: CommandContext, readonly memberId: string) {
    super();
  }
}

@CommandHandler(RemoveFromStaffList)
export class RemoveFromStaffListHandler implements ICommandHandler<RemoveFromStaffList> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  execute({ context, memberId }: RemoveFromStaffList): Promise<Outcome<StaffListRefusal>> {
    return removeFromStaffList(this.stores, memberId, appendMeta(context));
  }
}
