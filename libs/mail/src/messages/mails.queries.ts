import {
  type Condition,
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
import { MailHidden, SourceDeleted } from './mail.errors.js';
import { MAIL_STATES, MailPermissions } from './mail.policy.js';
import { MailReach } from './mail.reach.js';
import { DECISIONS, type MailSummary, type MailView } from './mails.dto.js';

/** What a mail says, to whom it is shown; whoever else reaches it sees that there is one. */
const said = (sql: string, otherwise = 'null'): string => `case when seen.is_shown then ${sql} else ${otherwise} end`;

const SUMMARY = {
  id: 'm.id',
  state: 'm.state',
  decision: 'm.decision',
  quarantineReason: 'm.quarantine_reason',
  duplicateOf: 'm.duplicate_of',
  mailboxId: 'm.mailbox_id',
  customerId: 'm.customer_id',
  inquiryId: 'm.inquiry_id',
  leadId: 'm.lead_id',
  sideConversationId: 'm.side_conversation_id',
  hidden: 'not seen.is_shown',
  from: said(
    "case when m.from_address is not null then jsonb_build_object('name', m.from_name, 'address', m.from_address) end",
  ),
  to: said("coalesce(m.recipients->'to', '[]')", "'[]'"),
  subject: said('m.subject'),
  messageId: said('m.message_id'),
  automatic: 'm.is_automatic',
  bounce: 'm.is_bounce',
  attachmentCount: said(
    '(select count(*)::int from mail_attachments a where a.tenant_id = m.tenant_id and a.mail_id = m.id)',
    '0',
  ),
  size: 'm.size',
  receivedAt: 'm.received_at',
  sentAt: 'm.sent_at',
  decidedAt: 'm.decided_at',
  sourceDeletedAt: 'm.source_deleted_at',
  version: 'm.version',
  createdAt: 'm.created_at',
  updatedAt: 'm.updated_at',
};

const ATTACHMENT = `jsonb_build_object('id', a.id, 'filename', a.filename, 'mimeType', a.mime_type, 'kind', a.kind, 'size', a.size,
  'contentId', a.content_id, 'inline', a.is_inline)`;
export const ATTACHMENTS = `(select coalesce(jsonb_agg(${ATTACHMENT} order by a.position), '[]') from mail_attachments a
  where a.tenant_id = m.tenant_id and a.mail_id = m.id)`;

const DETAIL = {
  ...SUMMARY,
  cc: said("coalesce(m.recipients->'cc', '[]')", "'[]'"),
  replyTo: said("coalesce(m.recipients->'replyTo', '[]')", "'[]'"),
  deliveredTo: said("coalesce(m.recipients->'deliveredTo', '[]')", "'[]'"),
  inReplyTo: said('m.in_reply_to', "'{}'"),
  references: said('m.refs', "'{}'"),
  text: said('m.text'),
  replyText: said('m.reply_text'),
  html: said('m.html'),
  reasons: "coalesce(m.facts->'reasons', '[]')",
  threadedBy: "m.facts->>'threadedBy'",
  defects: "coalesce(m.facts->'defects', '[]')",
  authentication: said("m.facts->'authentication'"),
  senderVerdict: "m.facts->>'senderVerdict'",
  mailboxIds: `(select coalesce(jsonb_agg(distinct d.mailbox_id), '[]') from mail_deliveries d where d.tenant_id = m.tenant_id and d.mail_id = m.id)`,
  attachments: said(ATTACHMENTS, "'[]'"),
};
const columns = Object.entries(DETAIL).map(([name, sql]) => `${sql} as "${name}"`);

export const MailList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    state: { type: 'enum', column: 'm.state', values: MAIL_STATES.states, example: 'quarantined' },
    decision: { type: 'enum', column: 'm.decision', values: DECISIONS, nullable: true },
    mailboxId: { type: 'id', column: 'm.mailbox_id', nullable: true },
    customerId: { type: 'id', column: 'm.customer_id', nullable: true },
    inquiryId: { type: 'id', column: 'm.inquiry_id', nullable: true },
    leadId: { type: 'id', column: 'm.lead_id', nullable: true },
    sideConversationId: { type: 'id', column: 'm.side_conversation_id', nullable: true },
    duplicateOf: { type: 'id', column: 'm.duplicate_of', nullable: true },
    from: {
      type: 'text',
      column: 'm.from_address',
      nullable: true,
      operators: ['eq', 'in'],
      example: 'ann@example.org',
    },
    automatic: { type: 'boolean', column: 'm.is_automatic' },
    bounce: { type: 'boolean', column: 'm.is_bounce' },
    size: { type: 'integer', column: 'm.size', sortable: true },
    receivedAt: { type: 'instant', column: 'm.received_at', sortable: true },
    sentAt: { type: 'instant', column: 'm.sent_at', nullable: true },
  }),
  outputs: Object.keys(SUMMARY),
  defaultSort: '-receivedAt',
};

export type StoredPart = { hash: string; size: number; filename: string; mimeType: string };
type Stored = StoredPart & { isShown: boolean };
type RawPart = Pick<Stored, 'hash' | 'size' | 'isShown'> & { deletedAt: Date | null };

/** Whether a filter looks at the sender. */
function asksForSender(where: Condition): boolean {
  if ('all' in where) return where.all.some(asksForSender);
  if ('any' in where) return where.any.some(asksForSender);
  return 'not' in where ? asksForSender(where.not) : where.field === 'from';
}

@Injectable()
export class MailsQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: MailReach,
  ) {}

  list(query: ListQuery): Promise<Page<MailSummary>> {
    const params: unknown[] = [currentTenantId()];
    const from = `mails m ${this.seen(params)}`;
    const told = asksForSender(query.where) ? 'seen.is_shown' : 'true'; // what is found by its sender tells of its sender
    const where = `m.tenant_id = $1 and ${told} and ${this.reach.predicate(currentActor(), params)}`;
    return readPage<MailSummary>(this.db, { select: SUMMARY, from, where, params, query, spec: MailList });
  }

  /** @throws RecordNotFound */
  get(id: string): Promise<MailView> {
    return this.readable<MailView>(columns.join(', '), 'mails m', id);
  }

  /** @throws RecordNotFound, MailHidden, SourceDeleted */
  async raw(id: string): Promise<Stored> {
    const source = 'm.raw_hash as hash, m.size, m.source_deleted_at as "deletedAt", seen.is_shown as "isShown"';
    const { deletedAt, ...part } = this.revealed(id, await this.readable<RawPart>(source, 'mails m', id));
    if (deletedAt) throw new SourceDeleted(id, deletedAt);
    return { ...part, filename: `${id}.eml`, mimeType: 'message/rfc822' };
  }

  /** @throws RecordNotFound, MailHidden */
  async attachment(id: string, attachmentId: string): Promise<Stored> {
    const from = 'mails m join mail_attachments a on a.tenant_id = m.tenant_id and a.mail_id = m.id';
    const file = 'a.hash, a.size, a.filename, a.mime_type as "mimeType", seen.is_shown as "isShown"';
    return this.revealed(id, await this.readable<Stored>(file, from, id, attachmentId));
  }

  /** Once a row, and not once for each column that it decides on: hence the offset. */
  private seen(params: unknown[]): string {
    return `cross join lateral (select ${this.reach.shown(currentActor(), params)} as is_shown offset 0) seen`;
  }

  private revealed<Part extends { isShown: boolean }>(id: string, part: Part): Part {
    if (!part.isShown && !currentActor().can(MailPermissions.reveal)) throw new MailHidden(id);
    return part;
  }

  private async readable<Row extends object>(
    select: string,
    from: string,
    id: string,
    attachmentId?: string,
  ): Promise<Row> {
    const params: unknown[] = [currentTenantId(), id];
    const part = attachmentId === undefined ? '' : ` and a.id = $${params.push(attachmentId)}`;
    const where = `m.tenant_id = $1 and m.id = $2${part} and ${this.reach.predicate(currentActor(), params)}`;
    const seen = this.seen(params);
    const found = await this.db.one<Row>(`select ${select} from ${from} ${seen} where ${where}`, params);
    if (!found) throw new RecordNotFound(attachmentId ? 'attachment' : 'mail', attachmentId ?? id);
    return found;
  }
}
