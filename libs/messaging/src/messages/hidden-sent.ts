import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, hidesSubject, Ports, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A mail of ours is as hidden as what it is about. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenSentMails implements HiddenWords {
  readonly table = 'messages';
  readonly columns = [
    ...['subject', 'text', 'html', 'recipients', 'reply_to', 'receipts', 'last_error', 'provider_response'],
    'auto_reply_to',
  ];

  constructor(private readonly ports: Ports) {}

  hides(id: string, actor: Actor, params: unknown[]): string {
    const about = hidesSubject(this.ports, { kind: 'sent.about_kind', id: 'sent.about_id' }, actor, params);
    return `exists (select 1 from messages sent where sent.tenant_id = app_tenant() and sent.id = ${id} and ${about})`;
  }
}
