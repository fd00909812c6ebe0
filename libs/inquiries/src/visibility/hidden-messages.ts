import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { askedShown, wordsShown } from './words.reach.js';

/** What is kept of a message elsewhere is as hidden as the message. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenMessages implements HiddenWords {
  readonly table = 'inquiry_messages';
  readonly columns = [
    ...['subject', 'body', 'html', 'author_name', 'author_address', 'attachments'],
    ...['message_id', 'refs'],
  ];

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from inquiry_messages said
      where said.tenant_id = app_tenant() and said.id = ${id} and not ${wordsShown('said', actor, params)})`;
  }
}

/** So is what the inquiry repeats of its first one. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenQuestions implements HiddenWords {
  readonly table = 'inquiries';
  readonly columns = ['subject', 'message'];

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from inquiries i where i.tenant_id = app_tenant() and i.id = ${id} and not ${askedShown(actor, params)})`;
  }
}

/** And the mail that calls for somebody about it. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenEscalations implements HiddenWords {
  readonly table = 'inquiry_escalations';
  readonly columns = [];
  readonly subjects = ['inquiries.escalation'];

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from inquiry_escalations step join inquiries i on i.tenant_id = step.tenant_id and i.id = step.inquiry_id
      where step.tenant_id = app_tenant() and step.id = ${id} and not ${askedShown(actor, params)})`;
  }
}
