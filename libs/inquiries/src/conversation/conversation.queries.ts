import { MailFacade, replyHeaders } from '@app/mail';
import { CustomersFacade } from '@app/customers';
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
import { conversationOf, InquiryHomes } from '../merging/inquiry-homes.js';
import { referenceOf } from '../inquiries/inquiry.policy.js';
import { VISIBILITIES } from '../visibility/visibility.policy.js';
import { wordsShown } from '../visibility/words.reach.js';
import type { InquiryMessageView } from './conversation.dto.js';
import type { Address, Thread } from './thread.js';

/** What a message says, to whom it is shown. */
const said = (column: string, otherwise = 'null'): string =>
  `case when seen.is_shown then ${column} else ${otherwise} end`;

const COLUMNS = {
  id: 'm.id',
  inquiryId: 'm.inquiry_id',
  seq: 'm.seq',
  direction: 'm.direction',
  visibility: 'm.visibility',
  hidden: 'not seen.is_shown',
  userIds: said('m.named', "'{}'"),
  authorId: 'm.author_id',
  authorName: said('m.author_name'),
  authorAddress: said('m.author_address'),
  mailId: 'm.mail_id',
  messageId: said('m.message_id'),
  responseId: 'm.response_id',
  subject: said('m.subject'),
  body: said('m.body'),
  html: said('m.html'),
  attachments: said('m.attachments', "'[]'"),
  isAutomatic: 'm.is_automatic',
  at: 'm.at',
  version: 'm.version',
} as const;

export const MessageList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    inquiryId: { type: 'id', column: 'm.inquiry_id', description: 'The inquiry it was written in' },
    seq: { type: 'integer', column: 'm.seq', sortable: true, description: 'Order of arrival within the inquiry' },
    direction: { type: 'enum', column: 'm.direction', values: ['in', 'out', 'note'], example: 'in' },
    visibility: { type: 'enum', column: 'm.visibility', values: VISIBILITIES },
    isAutomatic: { type: 'boolean', column: 'm.is_automatic' },
    at: { type: 'instant', column: 'm.at', sortable: true },
  }),
  defaultSort: 'at,seq',
  outputs: Object.keys(COLUMNS),
};

const SELECT = Object.entries(COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

/** Messages `m`, and whether their words are shown to whoever asks. */
const shownMessages = (params: unknown[]): string =>
  `inquiry_messages m cross join lateral (select ${wordsShown('m', currentActor(), params)} as is_shown) seen`;

const REVEALED = 'inquiry_messages m cross join (select true as is_shown) seen';

type Asked = { number: number; subject: string; customerId: string; teamId: string | null };
type Last = {
  direction: 'in' | 'out';
  messageId: string | null;
  refs: string[];
  authorName: string | null;
  authorAddress: string | null;
};

@Injectable()
export class ConversationQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly mail: MailFacade,
    private readonly customers: CustomersFacade,
    private readonly homes: InquiryHomes,
  ) {}

  /**
   * Notes among them, and what was written in the inquiries that were merged into it; of what is kept from the reader, that it
   * was written. @throws RecordNotFound
   */
  async list(inquiryId: string, query: ListQuery): Promise<Page<InquiryMessageView>> {
    await this.reach.assertReadable(inquiryId);
    const params: unknown[] = [currentTenantId(), inquiryId];
    return readPage<InquiryMessageView>(this.db, {
      select: COLUMNS,
      from: shownMessages(params),
      where: `m.tenant_id = $1 and m.inquiry_id in ${conversationOf('$2')}`,
      params,
      query,
      spec: MessageList,
    });
  }

  /** `isRevealed`: whoever it is for. @throws RecordNotFound */
  async one(inquiryId: string, messageId: string, isRevealed = false): Promise<InquiryMessageView> {
    await this.reach.assertReadable(inquiryId);
    const params: unknown[] = [currentTenantId(), inquiryId, messageId];
    const found = await this.db.one<InquiryMessageView>(
      `select ${SELECT} from ${isRevealed ? REVEALED : shownMessages(params)}
       where m.tenant_id = $1 and m.id = $3 and m.inquiry_id in ${conversationOf('$2')}`,
      params,
    );
    if (!found) throw new RecordNotFound('message', messageId);
    return found;
  }

  /**
   * An answer goes to whoever wrote last, and follows the last mail that the other side knows. To an inquiry that was merged
   * it still goes to whoever asked there, under the number of the one that goes on. @throws RecordNotFound
   */
  async threadOf(id: string): Promise<Thread> {
    const asked = await this.db.one<Asked>(
      `select coalesce(home.number, i.number) as number, i.subject, i.customer_id as "customerId",
         coalesce(home.team_id, i.team_id) as "teamId"
       from inquiries i left join inquiries home on home.tenant_id = i.tenant_id and home.id = i.merged_into
       where i.tenant_id = $1 and i.id = $2`,
      [currentTenantId(), id],
    );
    if (!asked) throw new RecordNotFound('inquiry', id);
    const last = await this.lastMails(id);
    const parent = last.find(({ messageId }) => messageId !== null);
    const { inReplyTo, references, subject } = replyHeaders({
      messageId: parent?.messageId ?? null,
      references: parent?.refs ?? [],
      subject: asked.subject,
    });
    const mailbox = await this.mail.mailboxOf(asked.teamId);
    const to = await this.correspondent(last, asked.customerId);
    return {
      to,
      cc: await this.joined(id, to),
      subject: parent ? subject : asked.subject,
      inReplyTo,
      references: [...references],
      mailboxAddress: mailbox ? { name: mailbox.name, address: mailbox.address } : null,
      replyAddress: mailbox?.signsReplyAddress
        ? { name: mailbox.name, address: this.mail.replyAddressOf(mailbox.address, id) }
        : undefined,
      number: asked.number,
      reference: referenceOf(asked.number),
    };
  }

  /** How often the customer has written in all that is read there. What a machine sent does not count. */
  async customerMessagesIn(id: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(
      `select count(*)::int as count from inquiry_messages m
       where m.tenant_id = $1 and m.inquiry_id in ${conversationOf('$2')} and m.direction = 'in' and not m.is_automatic`,
      [currentTenantId(), await this.homes.homeOf(id)],
    );
    return row?.count ?? 0;
  }

  /** Whether the customer has sent files, in all that is read there. */
  async hasFiles(id: string): Promise<boolean> {
    const rows = await this.db.query<{ id: string }>(
      `select a->>'attachmentId' as id from inquiry_messages m, jsonb_array_elements(m.attachments) a
       where m.tenant_id = $1 and m.inquiry_id in ${conversationOf('$2')} and m.direction = 'in' and not m.is_automatic`,
      [currentTenantId(), await this.homes.homeOf(id)],
    );
    return this.mail.hasFileAmong(rows.map((row) => row.id));
  }

  /** Whether the customer has written, in all that is read there, since the last answer left. */
  async awaitsAnswer(id: string): Promise<boolean> {
    const said = `inquiry_messages m where m.tenant_id = $1 and m.inquiry_id in ${conversationOf('$2')}`;
    const row = await this.db.one<{ awaits: boolean }>(
      `select exists (select 1 from ${said} and m.direction = 'in' and not m.is_automatic
         and m.at >= coalesce((select max(m.at) from ${said} and m.direction = 'out'), '-infinity')) as awaits`,
      [currentTenantId(), id],
    );
    return row?.awaits ?? false;
  }

  /** The last of the customer first, then the last of ours: a thread that we began has no other parent. */
  private lastMails(inquiryId: string): Promise<Last[]> {
    return this.db.query<Last>(
      `select distinct on (direction) direction, message_id as "messageId", refs, author_name as "authorName", author_address as "authorAddress"
       from inquiry_messages where tenant_id = $1 and inquiry_id = $2 and direction in ('in', 'out') and not is_automatic
       order by direction, seq desc`,
      [currentTenantId(), inquiryId],
    );
  }

  /** Addresses are one whatever their case; an inquiry to which nothing was merged has none beside its own. */
  private async joined(id: string, to: Address | null): Promise<Address[]> {
    const rows = await this.db.query<{ address: string; name: string | null }>(
      `select distinct on (m.inquiry_id) m.author_address as address, m.author_name as name
       from inquiries i join inquiry_messages m on m.tenant_id = i.tenant_id and m.inquiry_id = i.id
       where i.tenant_id = $1 and i.merged_into = $2 and m.direction = 'in' and not m.is_automatic and m.author_address is not null
       order by m.inquiry_id, m.seq desc`,
      [currentTenantId(), id],
    );
    const others = new Map(
      rows.map(({ address, name }) => [address.toLowerCase(), { address, ...(name && { name }) }]),
    );
    if (to) others.delete(to.address.toLowerCase());
    return [...others.values()];
  }

  private async correspondent(last: readonly Last[], customerId: string): Promise<Address | null> {
    const writer = last.find(({ direction, authorAddress }) => direction === 'in' && authorAddress);
    if (writer?.authorAddress)
      return { address: writer.authorAddress, ...(writer.authorName && { name: writer.authorName }) };
    const customer = await this.customers.card(customerId);
    return customer?.email ? { address: customer.email, name: customer.name } : null;
  }
}
