import { RuleBroken } from '@app/kernel';

export class MailboxUnknown extends RuleBroken {
  constructor(ids: readonly string[]) {
    const message = 'There is no mailbox with this id in use';
    const errors = [{ pointer: '/mailboxIds', code: 'mailbox_unknown', message }];
    super('mailbox_unknown', message, { mailboxIds: ids, errors });
  }
}
