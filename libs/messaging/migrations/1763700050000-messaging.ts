import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Messaging1763700050000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'messages', MESSAGES, { audit: true, except: ['text', 'html', 'fence', 'lease_until'] });
    await q.query('create index messages_by_creation on messages (tenant_id, created_at desc, id desc)');
    await q.query('create index messages_about on messages (tenant_id, about_kind, about_id)');
    await q.query(
      "create index messages_undecided on messages (tenant_id, state, created_at desc) where state in ('failed', 'unknown', 'suppressed')",
    );
    await createTenantTable(q, 'suppressions', SUPPRESSIONS, { audit: true });
    await q.query('create index suppressions_by_creation on suppressions (tenant_id, created_at desc, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'suppressions', 'messages');
  }
}

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

// A lease without an end would never be settled: the two stand and fall together.
const MESSAGES = `
  id uuid not null,
  channel text not null constraint messages_channel_is_known check (channel in ('email')),
  purpose text not null constraint messages_purpose_is_known check (purpose in ('transactional', 'marketing')),
  sender jsonb not null, recipients jsonb not null, reply_to jsonb,
  subject text not null, text text not null, html text,
  message_id text not null, in_reply_to text, refs text[] not null default '{}',
  unsubscribe_url text, is_auto_submitted boolean not null default false, is_confidential boolean not null default false,
  about_kind text not null, about_id uuid not null, about_revision int,
  state text not null default 'queued' constraint messages_state_is_known
    check (state in ('queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'suppressed')),
  attempts int not null default 0,
  fence uuid, lease_until timestamptz(3), call_started_at timestamptz(3),
  not_before timestamptz(3) not null,
  receipts jsonb not null default '[]', provider_response text, last_error text, sent_at timestamptz(3),
  ${KEPT},
  constraint messages_message_id_is_unique unique (tenant_id, message_id),
  constraint messages_lease_is_whole check ((state = 'sending') = (lease_until is not null) and (lease_until is null or fence is not null)),
  constraint messages_sent_has_time check ((state = 'sent') = (sent_at is not null))`;

const SUPPRESSIONS = `
  id uuid not null,
  address text not null,
  reason text not null constraint suppressions_reason_is_known check (reason in ('hard_bounce', 'complaint', 'unsubscribe', 'manual')),
  note text,
  ${KEPT},
  constraint suppressions_are_unique unique (tenant_id, address, reason)`;
