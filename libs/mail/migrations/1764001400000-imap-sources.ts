import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mailboxes that are polled over IMAP: the settings, where each poll stands, and a row for every id of the server's. */
export class ImapSources1764001400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'imap_sources', SOURCES, { audit: true, except: ['password'] });
    await createTenantTable(q, 'imap_polls', POLLS, { audit: false, because: 'it moves with every poll' });
    await q.query('create index imap_polls_next on imap_polls (next_poll_at) where lease_until is null');
    await q.query('create index imap_polls_leases on imap_polls (lease_until) where lease_until is not null');
    await createTenantTable(q, 'imap_uids', UIDS, { audit: false, because: 'it repeats what another server lists' });
    for (const index of UID_INDEXES) await q.query(index);
    await createDoor(q, 'imap_polls_due(most int)', POLLS_DUE);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'imap_polls_due(int)');
    await dropTables(q, 'imap_uids', 'imap_polls', 'imap_sources');
  }
}

// Its id is the mailbox's.
const SOURCES = `
  id uuid not null,
  host text not null, port int not null constraint imap_sources_port_is_one check (port between 1 and 65535),
  security text not null constraint imap_sources_security_is_known check (security in ('tls', 'starttls', 'none')),
  username text not null, password text not null, folder text not null,
  interval_seconds int not null constraint imap_sources_interval_is_sane check (interval_seconds between 30 and 86400),
  marks_seen boolean not null,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  primary key (tenant_id, id),
  constraint imap_sources_mailbox foreign key (tenant_id, id) references mailboxes (tenant_id, id) on delete cascade`;

// claimed: how many mails the server says it has; listed: how many ids it gave when asked for all of them
const POLLS = `
  id uuid not null,
  uid_validity bigint, last_uid bigint not null default 0,
  next_poll_at timestamptz(3) not null default clock_timestamp(),
  fence uuid, lease_until timestamptz(3),
  state text not null default 'waiting' constraint imap_polls_state_is_known check (state in ('waiting', 'ok', 'failing')),
  failures int not null default 0, error_code text, error text,
  polled_at timestamptz(3), succeeded_at timestamptz(3),
  wants_comparison boolean not null default true, compared_at timestamptz(3), claimed bigint, listed bigint,
  primary key (tenant_id, id),
  constraint imap_polls_failure_has_reason check ((state = 'failing') = (error_code is not null)),
  constraint imap_polls_lease_is_whole check ((fence is null) = (lease_until is null)),
  constraint imap_polls_comparison_is_whole
    check ((compared_at is null) = (claimed is null) and (compared_at is null) = (listed is null)),
  constraint imap_polls_source foreign key (tenant_id, id) references imap_sources (tenant_id, id) on delete cascade`;

// repeats: how often the server gave it beyond once when it was last asked. A purged mail leaves its row: it stays known.
const UIDS = `
  mailbox_id uuid not null, uid_validity bigint not null, uid bigint not null,
  state text not null default 'listed' constraint imap_uids_state_is_known check (state in ('listed', 'stored', 'refused')),
  is_listed boolean not null default true,
  message_id text, internal_date timestamptz(3), size bigint,
  tries int not null default 0, repeats int not null default 0, reason text,
  mail_id uuid, is_to_mark boolean not null default false,
  listed_at timestamptz(3) not null default clock_timestamp(), stored_at timestamptz(3),
  primary key (tenant_id, mailbox_id, uid_validity, uid),
  constraint imap_uids_stored_has_time check ((state = 'stored') = (stored_at is not null)),
  constraint imap_uids_mail_is_stored check (mail_id is null or state = 'stored'),
  constraint imap_uids_refused_has_reason check (state <> 'refused' or reason is not null),
  constraint imap_uids_poll foreign key (tenant_id, mailbox_id) references imap_polls (tenant_id, id) on delete cascade,
  constraint imap_uids_mail foreign key (tenant_id, mail_id) references mails (tenant_id, id) on delete set null (mail_id)`;

const UID_INDEXES = [
  "create index imap_uids_open on imap_uids (tenant_id, mailbox_id, uid_validity, tries, uid) where state = 'listed' and is_listed",
  'create index imap_uids_to_mark on imap_uids (tenant_id, mailbox_id, uid_validity, uid) where is_to_mark',
  'create index imap_uids_of_mail on imap_uids (tenant_id, mail_id, mailbox_id, uid_validity, uid)',
];

/** A poll whose lease ran out broke off: it is due whatever its interval. Of several workers that read a row one gets the lease. */
const POLLS_DUE = `returns table (tenant_id uuid, id uuid) language sql stable as $$
  select p.tenant_id, p.id from imap_polls p join mailboxes b on b.tenant_id = p.tenant_id and b.id = p.id
  where ((p.lease_until is null and p.next_poll_at <= clock_timestamp()) or p.lease_until <= clock_timestamp())
    and b.deleted_at is null
  order by p.next_poll_at limit most $$`;
