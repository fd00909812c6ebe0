import { Conflict } from '@app/kernel';

/** Another message of the tenant goes by this Message-ID, for another record. */
export class MessageIdTaken extends Conflict {
  constructor(messageId: string) {
    super('message_id_taken', `${messageId} is the Message-ID of another message`, { messageId });
  }
}

/** The attempt's lease ran out and was settled without it: what it knows no longer counts. */
export class LeaseLost extends Conflict {
  constructor(id: string) {
    super('lease_lost', `The message ${id} is no longer this attempt's to send`, { id });
  }
}
