import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  hidesSubject,
  type ListQuery,
  type ListSpec,
  type Page,
  Ports,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MESSAGE_STATES } from './message.policy.js';
import type { MessageSummary, MessageView } from './messages.dto.js';
import { PURPOSES } from './outgoing-mail.js';

/** What a message says and to whom, unless what it is about is kept from whoever asks. */
const said = (sql: string, otherwise = 'null'): string => `case when seen.is_shown then ${sql} else ${otherwise} end`;

const SUMMARY = {
  id: 'm.id',
  channel: 'm.channel',
  purpose: 'm.purpose',
  state: 'm.state',
  from: 'm.sender',
  hidden: 'not seen.is_shown',
  to: said("m.recipients->'to'", "'[]'"),
  cc: said("m.recipients->'cc'", "'[]'"),
  subject: said('m.subject'),
  messageId: 'm.message_id',
  aboutKind: 'm.about_kind',
  aboutId: 'm.about_id',
  aboutRevision: 'm.about_revision',
  attempts: 'm.attempts',
  notBefore: 'm.not_before',
  sentAt: 'm.sent_at',
  lastError: said('m.last_error'),
  version: 'm.version',
  createdAt: 'm.created_at',
  updatedAt: 'm.updated_at',
};

/** What a confidential message says stays between sender and recipient. */
const DETAIL = {
  ...SUMMARY,
  replyTo: said('m.reply_to'),
  inReplyTo: 'm.in_reply_to',
  references: 'm.refs',
  isAutoSubmitted: 'm.is_auto_submitted',
  isConfidential: 'm.is_confidential',
  text: said('case when not m.is_confidential then m.text end'),
  html: said('case when not m.is_confidential then m.html end'),
  receipts: said('m.receipts', "'[]'"),
  callStartedAt: 'm.call_started_at',
  providerResponse: said('m.provider_response'),
};

export const MessageList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    state: { type: 'enum', column: 'm.state', values: MESSAGE_STATES.states, example: 'unknown' },
    purpose: { type: 'enum', column: 'm.purpose', values: PURPOSES },
    aboutKind: { type: 'text', column: 'm.about_kind', operators: ['eq', 'in'], example: 'response' },
    aboutId: { type: 'id', column: 'm.about_id' },
    messageId: {
      type: 'text',
      column: 'm.message_id',
      operators: ['eq', 'in'],
      description: 'As in the mail, in angle brackets',
    },
    attempts: { type: 'integer', column: 'm.attempts' },
    notBefore: { type: 'instant', column: 'm.not_before', sortable: true },
    sentAt: { type: 'instant', column: 'm.sent_at', nullable: true, sortable: true },
    createdAt: { type: 'instant', column: 'm.created_at', sortable: true },
  }),
  outputs: Object.keys(SUMMARY),
  defaultSort: '-createdAt',
};

const columns = Object.entries(DETAIL).map(([name, sql]) => `${sql} as "${name}"`);

@Injectable()
export class MessagesQueries {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  list(query: ListQuery): Promise<Page<MessageSummary>> {
    const params: unknown[] = [currentTenantId()];
    return readPage<MessageSummary>(this.db, {
      select: SUMMARY,
      from: this.seen(params),
      where: 'm.tenant_id = $1',
      params,
      query,
      spec: MessageList,
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<MessageView> {
    const params: unknown[] = [currentTenantId(), id];
    const found = await this.db.one<MessageView>(
      `select ${columns.join(', ')} from ${this.seen(params)} where m.tenant_id = $1 and m.id = $2`,
      params,
    );
    if (!found) throw new RecordNotFound('message', id);
    return found;
  }

  private seen(params: unknown[]): string {
    const about = { kind: 'm.about_kind', id: 'm.about_id' };
    const hides = hidesSubject(this.ports, about, currentActor(), params);
    return `messages m cross join lateral (select not ${hides} as is_shown offset 0) seen`;
  }
}
