import type { Actor } from '@app/kernel';
import { type HiddenWords, HiddenWordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SIDE_SUBJECT } from './side-conversation.policy.js';
import { sideShown } from './side.reach.js';

/** What is kept of a side conversation elsewhere is as hidden as it. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenSideConversations implements HiddenWords {
  readonly table = 'side_conversations';
  readonly columns = ['subject', 'recipients'];

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from side_conversations aside
      where aside.tenant_id = app_tenant() and aside.id = ${id} and not ${sideShown('aside', actor, params)})`;
  }
}

/** And the mails that carry it. */
@Injectable()
@Provides(HiddenWordsPort)
export class HiddenSideMessages implements HiddenWords {
  readonly table = 'side_messages';
  readonly columns = [
    ...['author_name', 'author_address', 'recipients', 'body', 'html', 'attachments'],
    ...['message_id', 'refs', 'fault'],
  ];
  readonly subjects = [SIDE_SUBJECT];

  hides(id: string, actor: Actor, params: unknown[]): string {
    return `exists (select 1 from side_messages remark
      join side_conversations aside on aside.tenant_id = remark.tenant_id and aside.id = remark.side_conversation_id
      where remark.tenant_id = app_tenant() and remark.id = ${id} and not ${sideShown('aside', actor, params)})`;
  }
}
