import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { conversationOf } from '../merging/inquiry-homes.js';
import { DELIVERIES, SIDE_STATES } from './side-conversation.policy.js';
import type { SideConversationView, SideMessageView } from './side-conversations.dto.js';
import { SideReach, sideShown } from './side.reach.js';

/** What it says, to whom it is shown. */
const said = (column: string, otherwise = 'null'): string =>
  `case when seen.is_shown then ${column} else ${otherwise} end`;

const COLUMNS = {
  id: 'aside.id',
  inquiryId: 'aside.inquiry_id',
  subject: said('aside.subject'),
  recipients: said('aside.recipients', "'[]'"),
  state: 'aside.state',
  visibility: 'aside.visibility',
  hidden: 'not seen.is_shown',
  messageCount: 'aside.message_count',
  lastMessageAt: 'aside.last_message_at',
  startedBy: 'aside.started_by',
  version: 'aside.version',
  createdAt: 'aside.created_at',
  updatedAt: 'aside.updated_at',
} as const;

export const SideConversationList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'aside.id' },
    inquiryId: { type: 'id', column: 'aside.inquiry_id', description: 'The inquiry it was begun in' },
    state: { type: 'enum', column: 'aside.state', values: SIDE_STATES.states, example: 'open' },
    startedBy: { type: 'id', column: 'aside.started_by' },
    lastMessageAt: { type: 'instant', column: 'aside.last_message_at', sortable: true },
    createdAt: { type: 'instant', column: 'aside.created_at', sortable: true },
  }),
  defaultSort: '-lastMessageAt',
  outputs: Object.keys(COLUMNS),
};

const MESSAGE_COLUMNS = {
  id: 'remark.id',
  sideConversationId: 'remark.side_conversation_id',
  seq: 'remark.seq',
  direction: 'remark.direction',
  hidden: 'not seen.is_shown',
  authorId: 'remark.author_id',
  authorName: said('remark.author_name'),
  authorAddress: said('remark.author_address'),
  recipients: said('remark.recipients', "'[]'"),
  body: said('remark.body'),
  html: said('remark.html'),
  attachments: said('remark.attachments', "'[]'"),
  mailId: 'remark.mail_id',
  outgoingId: 'remark.outgoing_id',
  messageId: said('remark.message_id'),
  delivery: 'remark.delivery',
  fault: said('remark.fault'),
  isAutomatic: 'remark.is_automatic',
  at: 'remark.at',
  version: 'remark.version',
} as const;

export const SideMessageList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'remark.id' },
    seq: { type: 'integer', column: 'remark.seq', sortable: true, description: 'Order within the side conversation' },
    direction: { type: 'enum', column: 'remark.direction', values: ['in', 'out'], example: 'in' },
    delivery: { type: 'enum', column: 'remark.delivery', values: DELIVERIES, nullable: true, example: 'sent' },
    isAutomatic: { type: 'boolean', column: 'remark.is_automatic' },
    at: { type: 'instant', column: 'remark.at', sortable: true },
  }),
  defaultSort: 'seq',
  outputs: Object.keys(MESSAGE_COLUMNS),
};

const selectOf = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([name, sql]) => `${sql} as "${name}"`)
    .join(', ');

const CONVERSATION = selectOf(COLUMNS);
const MESSAGE = selectOf(MESSAGE_COLUMNS);

@Injectable()
export class SideConversationsQueries {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiryReach,
    private readonly reach: SideReach,
  ) {}

  /** Those of what was merged into it among them. @throws RecordNotFound */
  async list(inquiryId: string, query: ListQuery): Promise<Page<SideConversationView>> {
    await this.inquiries.assertReadable(inquiryId);
    const params: unknown[] = [currentTenantId(), inquiryId];
    return readPage<SideConversationView>(this.db, {
      select: COLUMNS,
      from: this.shown(params),
      where: `aside.tenant_id = $1 and aside.inquiry_id in ${conversationOf('$2')}`,
      params,
      query,
      spec: SideConversationList,
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<SideConversationView> {
    await this.reach.assertReadable(id);
    const params: unknown[] = [currentTenantId(), id];
    const found = await this.db.one<SideConversationView>(
      `select ${CONVERSATION} from ${this.shown(params)} where aside.tenant_id = $1 and aside.id = $2`,
      params,
    );
    if (!found) throw new RecordNotFound('side conversation', id);
    return found;
  }

  /** Of what is kept from the reader, that it was written. @throws RecordNotFound */
  async messages(id: string, query: ListQuery): Promise<Page<SideMessageView>> {
    await this.reach.assertReadable(id);
    const params: unknown[] = [currentTenantId(), id];
    return readPage<SideMessageView>(this.db, {
      select: MESSAGE_COLUMNS,
      from: this.shownMessages(params),
      where: 'remark.tenant_id = $1 and remark.side_conversation_id = $2',
      params,
      query,
      spec: SideMessageList,
    });
  }

  /** @throws RecordNotFound */
  async message(id: string, messageId: string): Promise<SideMessageView> {
    const params: unknown[] = [currentTenantId(), id, messageId];
    const found = await this.db.one<SideMessageView>(
      `select ${MESSAGE} from ${this.shownMessages(params)}
       where remark.tenant_id = $1 and remark.side_conversation_id = $2 and remark.id = $3`,
      params,
    );
    if (!found) throw new RecordNotFound('message', messageId);
    return found;
  }

  private shown(params: unknown[]): string {
    return `side_conversations aside
      cross join lateral (select ${sideShown('aside', currentActor(), params)} as is_shown offset 0) seen`;
  }

  private shownMessages(params: unknown[]): string {
    return `side_messages remark
      join side_conversations aside on aside.tenant_id = remark.tenant_id and aside.id = remark.side_conversation_id
      cross join lateral (select ${sideShown('aside', currentActor(), params)} as is_shown offset 0) seen`;
  }
}
