import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MailReach } from './mail.reach.js';

/** What is kept of a mail elsewhere is as hidden as the mail. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenMails implements HiddenWords {
  readonly table = 'mails';
  readonly columns = [
    ...['subject', 'text', 'reply_text', 'html', 'from_address', 'from_name', 'recipients', 'facts'],
    ...['message_id', 'effective_message_id', 'in_reply_to', 'refs'],
  ];

  constructor(private readonly reach: MailReach) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from mails m where m.tenant_id = app_tenant() and m.id = ${id} and not ${this.reach.shown(actor, params)})`;
  }
}

@Injectable()
@Provides(HiddenWordsPort)
export class HiddenAttachments implements HiddenWords {
  readonly table = 'mail_attachments';
  readonly columns = ['filename'];

  constructor(private readonly reach: MailReach) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from mail_attachments file join mails m on m.tenant_id = file.tenant_id and m.id = file.mail_id
      where file.tenant_id = app_tenant() and file.id = ${id} and not ${this.reach.shown(actor, params)})`;
  }
}
