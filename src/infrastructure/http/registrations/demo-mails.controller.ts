import { Controller, Get, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { KeptMail } from '../../identity/mail-transports.js';
import { Access } from '../access.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';

/** The demo's mails, which reach nobody. The route exists in demo mode only. */
@ApiExcludeController()
@Controller('demo')
export class DemoMailsController {
  constructor(@Inject(IDENTITY) private readonly identity: Identity) {}

  @Get('mails')
  @Access('anyone')
  mails(): { readonly mails: readonly KeptMail[] } {
    return { mails: this.identity.mailbox?.all() ?? [] };
  }
}
