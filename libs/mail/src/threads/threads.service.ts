import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { FoundThread } from '../messages/mail.policy.js';
import {
  MailboxTooLong,
  mintMessageId,
  mintReplyAddress,
  readMessageId,
  type ThreadKey,
  type ThreadKeyKind,
} from '../threading/index.js';
import { MailSecrets } from './mail-secrets.js';
import { numberKey, threadKey } from './thread-key.js';

type StoredKind = Exclude<FoundThread['by'], 'inquiry'> | 'side_conversation';
const STORED_AS: Record<ThreadKeyKind, FoundThread['by']> = {
  response: 'response',
  in_reply_to: 'message_id',
  reference: 'message_id',
  inquiry: 'inquiry',
  subject_tag: 'number',
};

// A signed reply address names its inquiry or side conversation itself. A number anybody can type counts only for somebody who
// wrote there before, and so does everything that a forged sender shows: what we signed is known to all whom such a mail was
// passed on to. Into a side conversation an id alone lets nobody but those it was sent to.
const FIND = `select f.inquiry_id as "inquiryId", f.side as "sideConversationId", f.kind as by from (
    select k.kind, k.at, s.side_conversation_id as side, s.addresses,
      coalesce(s.inquiry_id, case k.kind when 'inquiry' then k.key::uuid else t.inquiry_id end) as inquiry_id
    from unnest($2::text[], $3::text[]) with ordinality k(kind, key, at)
    left join mail_threads t on t.tenant_id = $1 and t.kind = k.kind and t.key = k.key
    left join mail_threads s on s.tenant_id = $1 and s.kind = 'side_conversation'
      and s.key = case k.kind when 'inquiry' then k.key else t.side_conversation_id::text end) f
  where f.inquiry_id is not null and case when f.side is null
    then (f.kind <> 'number' and not $5) or exists (select 1 from mails m where m.tenant_id = $1 and m.inquiry_id = f.inquiry_id
      and m.from_address = $4 and m.state = 'routed')
    else (not $5 and (f.kind = 'inquiry' or $4 = any (f.addresses))) or exists (select 1 from mails m where m.tenant_id = $1
      and m.side_conversation_id = f.side and m.from_address = $4 and m.state = 'routed') end
  order by f.at limit 1`;

const REMEMBER = `insert into mail_threads (tenant_id, kind, key, inquiry_id, side_conversation_id, addresses)
  select $1, k.kind, k.key, $4, $5, case k.kind when 'side_conversation' then $6::text[] else '{}' end
  from unnest($2::text[], $3::text[]) k(kind, key) on conflict do nothing`;

/** Where answers belong: to the inquiry, or to a side conversation of it and whoever that was sent to. */
export type Home = {
  readonly inquiryId: string;
  readonly side?: { readonly id: string; readonly addresses: readonly string[] };
};

/** Which mail and which message of ours belongs to which inquiry. */
@Injectable()
export class Threads {
  constructor(
    private readonly db: Database,
    private readonly secrets: MailSecrets,
  ) {}

  /** The thread that the first key with an answer names. A forged sender can only use what we signed, where it wrote before. */
  find(keys: readonly ThreadKey[], sender: { address: string; isForged: boolean }): Promise<FoundThread | undefined> {
    const usable = keys.filter(({ kind }) => !sender.isForged || kind === 'response' || kind === 'inquiry');
    if (!usable.length) return Promise.resolve(undefined);
    return this.db.one<FoundThread>(FIND, [
      currentTenantId(),
      usable.map(({ kind }) => STORED_AS[kind]),
      usable.map(({ kind, value }) => storedKey(STORED_AS[kind], value)),
      sender.address,
      sender.isForged,
    ]);
  }

  /**
   * Answers to this message, or to one with this number in its subject, belong there. What is known already stays:
   * a Message-ID used twice belongs to whoever had it first. Only what we sent names a response.
   */
  async remember(
    { inquiryId, side }: Home,
    of: { messageId: string | null; reference: string | undefined; isSent: boolean },
  ): Promise<void> {
    const keys: [StoredKind, string][] = side ? [['side_conversation', side.id]] : [];
    if (of.messageId) keys.push(['message_id', of.messageId]);
    if (of.messageId && of.isSent) keys.push(...this.responseOf(of.messageId));
    if (of.reference) keys.push(['number', of.reference]);
    if (!keys.length) return;
    const stored = keys.map(([kind, key]) => storedKey(kind, key));
    const kinds = keys.map(([kind]) => kind);
    const addresses = (side?.addresses ?? []).map((address) => address.toLowerCase());
    await this.db.query(REMEMBER, [currentTenantId(), kinds, stored, inquiryId, side?.id ?? null, addresses]);
  }

  mintMessageId(of: { responseId: string; revision: number; domain: string }): string {
    const tenantId = currentTenantId();
    return mintMessageId({ ...of, tenantId, secret: this.secrets.of(tenantId) });
  }

  /** The mailbox itself when its name leaves no room for a token: answers are then found by their headers alone. */
  mintReplyAddress(mailbox: string, inquiryId: string): string {
    const tenantId = currentTenantId();
    try {
      return mintReplyAddress({ mailbox, tenantId, inquiryId, secret: this.secrets.of(tenantId) });
    } catch (error) {
      if (error instanceof MailboxTooLong) return mailbox;
      throw error;
    }
  }

  private responseOf(messageId: string): [StoredKind, string][] {
    const tenantId = currentTenantId();
    const minted = readMessageId(messageId, this.secrets.of(tenantId));
    return minted?.tenantId === tenantId.toLowerCase() ? [['response', minted.responseId]] : [];
  }
}

const storedKey = (kind: FoundThread['by'] | StoredKind, key: string): string =>
  kind === 'message_id' ? threadKey(key) : kind === 'number' ? numberKey(key) : key;
