import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  hiddenSubjects,
  type ListQuery,
  type ListSpec,
  type Page,
  Ports,
  readPage,
  RecordNotFound,
  withhold,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { MESSAGE_STATES } from './message.policy.js';
import type { MessageSummary, MessageView } from './messages.dto.js';
import { PURPOSES } from './outgoing-mail.js';

const SUMMARY = {
  id: 'm.id',
  channel: 'm.channel',
  purpose: 'm.purpose',
  state: 'm.state',
  from: 'm.sender',
  hidden: 'false', // until the rows are there: see `keep`
  to: "m.recipients->'to'",
  cc: "m.recipients->'cc'",
  subject: 'm.subject',
  messageId: 'm.message_id',
  aboutKind: 'm.about_kind',
  aboutId: 'm.about_id',
  aboutRevision: 'm.about_revision',
  attempts: 'm.attempts',
  notBefore: 'm.not_before',
  sentAt: 'm.sent_at',
  lastError: 'm.last_error',
  version: 'm.version',
  createdAt: 'm.created_at',
  updatedAt: 'm.updated_at',
};

/** What a confidential message says stays between sender and recipient. */
const DETAIL = {
  ...SUMMARY,
  replyTo: 'm.reply_to',
  inReplyTo: 'm.in_reply_to',
  references: 'm.refs',
  isAutoSubmitted: 'm.is_auto_submitted',
  isConfidential: 'm.is_confidential',
  text: 'case when not m.is_confidential then m.text end',
  html: 'case when not m.is_confidential then m.html end',
  receipts: 'm.receipts',
  callStartedAt: 'm.call_started_at',
  providerResponse: 'm.provider_response',
};

/** In place of what a message says and to whom, where what it is about is kept from whoever asks. */
const INSTEAD: Partial<MessageView> = {
  hidden: true,
  to: [],
  cc: [],
  replyTo: null,
  subject: null,
  text: null,
  html: null,
  receipts: [],
  lastError: null,
  providerResponse: null,
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
    return readPage<MessageSummary>(this.db, {
      select: SUMMARY,
      from: 'messages m',
      where: 'm.tenant_id = $1',
      params: [currentTenantId()],
      query,
      spec: MessageList,
      withhold: (messages) => this.keep(messages),
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<MessageView> {
    const found = await this.db.one<MessageView>(
      `select ${columns.join(', ')} from messages m where m.tenant_id = $1 and m.id = $2`,
      [currentTenantId(), id],
    );
    if (!found) throw new RecordNotFound('message', id);
    await this.keep([found]);
    return found;
  }

  private async keep(messages: readonly MessageSummary[]): Promise<void> {
    const about = ({ aboutKind: kind, aboutId: id }: MessageSummary) => ({ kind, id });
    const isHidden = await hiddenSubjects(this.db, this.ports, messages.map(about), currentActor());
    for (const message of messages) if (isHidden(about(message))) withhold<Partial<MessageView>>(message, INSTEAD);
  }
}
