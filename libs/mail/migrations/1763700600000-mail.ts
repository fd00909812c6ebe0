import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mailboxes, every raw mail that came in, what was read of it and where it went. */
export class Mail1763700600000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'mailboxes', MAILBOXES, { audit: true });
    await q.query(
      'create unique index mailboxes_address_is_unique on mailboxes (tenant_id, address) where deleted_at is null',
    );
    await q.query('create unique index mailboxes_one_is_default on mailboxes (tenant_id) where is_default');
    await q.query('create index mailboxes_of_team on mailboxes (tenant_id, team_id)');
    await createTenantTable(q, 'mails', MAILS, { audit: true, except: ['text', 'reply_text', 'html'] });
    for (const index of MAIL_INDEXES) await q.query(index);
    await createTenantTable(q, 'mail_deliveries', DELIVERIES, { audit: true });
    await q.query('create index mail_deliveries_of_mail on mail_deliveries (tenant_id, mail_id)');
    await createTenantTable(q, 'mail_attachments', ATTACHMENTS, { audit: true });
    await createTenantTable(q, 'mail_threads', THREADS, {
      audit: false,
      because: 'it repeats what the mails and the sent messages say',
    });
    await q.query('create index mail_threads_of_inquiry on mail_threads (tenant_id, inquiry_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'mail_threads', 'mail_attachments', 'mail_deliveries', 'mails', 'mailboxes');
  }
}

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const MAILBOXES = `
  id uuid not null,
  address text not null, name text not null,
  team_id uuid,
  is_default boolean not null default false,
  creates_customers boolean not null default true,
  auth_server text,
  deleted_at timestamptz(3),
  ${KEPT},
  constraint mailboxes_trashed_is_no_default check (not (is_default and deleted_at is not null))`;

// Names, subjects and addresses are bounded by the parser; a Message-ID as long as RFC 5322 allows would not fit into an
// index, so effective_message_id holds the hash of such a one.
const MAILS = `
  id uuid not null,
  mailbox_id uuid,
  raw_hash text not null constraint mails_raw_hash_is_sha256 check (raw_hash ~ '^[0-9a-f]{64}$'),
  size int not null,
  state text not null default 'received' constraint mails_state_is_known
    check (state in ('received', 'parsed', 'routed', 'ignored', 'duplicate', 'quarantined')),
  quarantine_reason text, duplicate_of uuid, content_hash text,
  message_id text, effective_message_id text,
  in_reply_to text[] not null default '{}', refs text[] not null default '{}',
  from_address text, from_name text, recipients jsonb not null default '{}',
  subject text, text text, reply_text text, html text,
  facts jsonb not null default '{}',
  is_automatic boolean not null default false, is_bounce boolean not null default false,
  decision text constraint mails_decision_is_known check (decision in ('new', 'reply', 'ignored')), decided_at timestamptz(3),
  customer_id uuid, inquiry_id uuid, inquiry_message_id uuid,
  received_at timestamptz(3) not null, sent_at timestamptz(3),
  ${KEPT},
  constraint mails_raw_is_unique unique (tenant_id, raw_hash),
  constraint mails_content_is_unique unique (tenant_id, content_hash),
  constraint mails_are_decided_whole check ((decision is null) = (decided_at is null)),
  constraint mails_quarantine_has_reason check ((state = 'quarantined') = (quarantine_reason is not null)),
  constraint mails_duplicate_has_original check ((state = 'duplicate') = (duplicate_of is not null)),
  constraint mails_routed_has_inquiry check (state <> 'routed' or (inquiry_id is not null and decision is not null)),
  primary key (tenant_id, id),
  constraint mails_mailbox foreign key (tenant_id, mailbox_id) references mailboxes (tenant_id, id),
  constraint mails_original foreign key (tenant_id, duplicate_of) references mails (tenant_id, id)`;

const MAIL_INDEXES = [
  'create index mails_by_receipt on mails (tenant_id, received_at desc, id desc)',
  'create index mails_of_mailbox on mails (tenant_id, mailbox_id, received_at desc)',
  'create index mails_of_sender on mails (tenant_id, from_address, received_at desc)',
  'create index mails_by_message_id on mails (tenant_id, effective_message_id)',
  'create index mails_of_inquiry on mails (tenant_id, inquiry_id) where inquiry_id is not null',
  'create index mails_of_customer on mails (tenant_id, customer_id) where customer_id is not null',
  'create index mails_copies on mails (tenant_id, duplicate_of) where duplicate_of is not null',
  "create index mails_unfinished on mails (tenant_id, state, received_at desc) where state in ('received', 'parsed', 'quarantined')",
];

// The raw hash stands for the Message-ID too: equal bytes have equal headers.
const DELIVERIES = `
  id uuid not null,
  mailbox_id uuid not null, mail_id uuid not null, raw_hash text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint mail_deliveries_are_unique unique (tenant_id, mailbox_id, raw_hash),
  primary key (tenant_id, id),
  constraint mail_deliveries_mailbox foreign key (tenant_id, mailbox_id) references mailboxes (tenant_id, id),
  constraint mail_deliveries_mail foreign key (tenant_id, mail_id) references mails (tenant_id, id) on delete cascade`;

const ATTACHMENTS = `
  id uuid not null,
  mail_id uuid not null, position int not null,
  filename text not null, mime_type text not null, kind text not null, size int not null,
  content_id text, is_inline boolean not null, hash text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint mail_attachments_position_is_unique unique (tenant_id, mail_id, position),
  primary key (tenant_id, id),
  constraint mail_attachments_mail foreign key (tenant_id, mail_id) references mails (tenant_id, id) on delete cascade`;

// kind: message_id (as the header has it), response (a response that one of our signed Message-IDs names), number (INQ-12)
const THREADS = `
  kind text not null constraint mail_threads_kind_is_known check (kind in ('message_id', 'response', 'number')),
  key text not null, inquiry_id uuid not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint mail_threads_key_is_unique primary key (tenant_id, kind, key)`;
