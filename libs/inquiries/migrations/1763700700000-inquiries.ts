import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Inquiries, what is written in them, and the promises that are kept or broken on them. */
export class Inquiries1763700700000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.createInquiries(q);
    await this.createMessages(q);
    await this.createPromises(q);
    await createDoor(q, 'inquiries_search(term text, most int)', SEARCH);
  }

  private async createInquiries(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'inquiry_counters', COUNTER, {
      audit: false,
      because: 'a counter; the inquiry shows its number',
    });
    await createTenantTable(q, 'inquiry_settings', SETTINGS, { audit: true });
    await createTenantTable(q, 'inquiries', INQUIRIES, { audit: true, except: ['message'] });
    const live = 'where deleted_at is null';
    await q.query(`create index inquiries_by_creation on inquiries (tenant_id, created_at desc, id desc) ${live}`);
    await q.query(`create index inquiries_by_due on inquiries (tenant_id, due_at, id) ${live}`);
    await q.query(
      `create index inquiries_by_status on inquiries (tenant_id, status, created_at desc, id desc) ${live}`,
    );
    await q.query(
      `create index inquiries_by_assignee on inquiries (tenant_id, assigned_to, created_at desc, id desc) ${live}`,
    );
    await q.query(`create index inquiries_of_team on inquiries (tenant_id, team_id, created_at desc, id desc) ${live}`);
    await q.query(
      `create index inquiries_by_creator on inquiries (tenant_id, created_by, created_at desc, id desc) ${live}`,
    );
    await q.query('create index inquiries_of_customer on inquiries (tenant_id, customer_id, created_at desc, id desc)');
    await q.query(
      'create index inquiries_followed on inquiries (tenant_id, follow_up_of) where follow_up_of is not null',
    );
    await q.query(`create index inquiries_text on inquiries using gin (tenant_id, (${SEARCHED}) gin_trgm_ops)`);
  }

  private async createMessages(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'inquiry_messages', MESSAGES, { audit: true, except: ['body', 'html'] });
    await q.query('create index inquiry_messages_by_time on inquiry_messages (tenant_id, inquiry_id, at)');
  }

  private async createPromises(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'sla_policies', POLICIES, { audit: true });
    await q.query('create unique index sla_policies_one_default on sla_policies (tenant_id) where is_default');
    await createTenantTable(q, 'inquiry_clocks', CLOCKS, { audit: true });
    await q.query(
      'create unique index inquiry_clocks_one_open on inquiry_clocks (tenant_id, inquiry_id, kind) where stopped_at is null',
    );
    await q.query('create index inquiry_clocks_of_inquiry on inquiry_clocks (tenant_id, inquiry_id, started_at)');
    await q.query('create index inquiry_clocks_of_policy on inquiry_clocks (tenant_id, policy_id)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'inquiries_search(text, int)');
    await dropTables(
      q,
      'inquiry_clocks',
      'sla_policies',
      'inquiry_messages',
      'inquiries',
      'inquiry_settings',
      'inquiry_counters',
    );
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;
const SEARCHED = `subject || ' ' || message`;
const STATUS = `('new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam')`;
const PRIORITY = `('low', 'normal', 'high', 'urgent')`;

const COUNTER = `last_number int not null, primary key (tenant_id)`;

const SETTINGS = `
  id uuid not null,
  reopen_within_days int not null constraint inquiry_settings_reopen_is_bounded check (reopen_within_days between 0 and 3650),
  close_after_days int not null constraint inquiry_settings_close_is_bounded check (close_after_days between 0 and 3650),
  ${KEPT},
  constraint inquiry_settings_are_one check (id = tenant_id)`;

const INQUIRIES = `
  id uuid not null, number int not null,
  customer_id uuid not null, subject text not null, message text not null,
  status text not null constraint inquiries_status_is_known check (status in ${STATUS}),
  status_before_spam text constraint inquiries_way_back_is_known check (status_before_spam in ${STATUS}),
  hold_reason text,
  priority text not null constraint inquiries_priority_is_known check (priority in ${PRIORITY}),
  category text, channel text not null,
  assigned_to uuid, team_id uuid, created_by uuid not null,
  is_customer_blocked boolean not null default false,
  follow_up_of uuid, reopen_count int not null default 0,
  message_count int not null, customer_message_count int not null,
  last_customer_message_at timestamptz(3) not null, awaits_answer_since timestamptz(3), first_responded_at timestamptz(3),
  resolved_at timestamptz(3), closes_at timestamptz(3), closed_at timestamptz(3),
  due_at timestamptz(3),
  deleted_at timestamptz(3), deleted_by uuid,
  ${KEPT},
  constraint inquiries_number_is_free unique (tenant_id, number),
  constraint inquiries_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint inquiries_assignee foreign key (tenant_id, assigned_to) references users (tenant_id, id),
  constraint inquiries_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint inquiries_follow_up foreign key (tenant_id, follow_up_of) references inquiries (tenant_id, id),
  constraint inquiries_spam_knows_its_way_back check ((status = 'spam') = (status_before_spam is not null)),
  constraint inquiries_hold_has_a_reason check (status <> 'on_hold' or hold_reason is not null)`;

const MESSAGES = `
  id uuid not null, inquiry_id uuid not null, seq int not null,
  direction text not null constraint inquiry_messages_direction_is_known check (direction in ('in', 'out', 'note')),
  author_id uuid, author_name text, author_address text,
  mail_id uuid, message_id text, refs text[] not null default '{}', response_id uuid,
  subject text, body text not null, html text, attachments jsonb not null default '[]',
  is_automatic boolean not null default false,
  at timestamptz(3) not null,
  constraint inquiry_messages_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_messages_seq_is_free unique (tenant_id, inquiry_id, seq),
  constraint inquiry_messages_mail_once unique (tenant_id, mail_id),
  constraint inquiry_messages_response_once unique (tenant_id, response_id)`;

const POLICIES = `
  id uuid not null, name text not null, position int not null, is_default boolean not null default false,
  priorities text[] not null default '{}', categories text[] not null default '{}', levels text[] not null default '{}',
  first_response_seconds int constraint sla_policies_first_is_positive check (first_response_seconds > 0),
  next_response_seconds int constraint sla_policies_next_is_positive check (next_response_seconds > 0),
  resolution_seconds int constraint sla_policies_resolution_is_positive check (resolution_seconds > 0),
  calendar_id uuid, pauses_in text[] not null, warn_fraction float8 not null
    constraint sla_policies_warning_is_before check (warn_fraction > 0 and warn_fraction < 1),
  ${KEPT},
  constraint sla_policies_name_is_free unique (tenant_id, name),
  constraint sla_policies_calendar foreign key (tenant_id, calendar_id) references business_calendars (tenant_id, id)`;

// A clock is stopped for good or still counts; it is never due while it stands still, unless its promise is broken already.
const CLOCKS = `
  id uuid not null, inquiry_id uuid not null,
  kind text not null constraint inquiry_clocks_kind_is_known check (kind in ('first_response', 'next_response', 'resolution')),
  state text not null constraint inquiry_clocks_state_is_known check (state in ('running', 'paused', 'met', 'breached', 'cancelled')),
  policy_id uuid, calendar_id uuid, team_id uuid,
  target float8 not null, warn_fraction float8 not null, used_seconds float8 not null, running_since timestamptz(3),
  paused_since timestamptz(3), paused_seconds float8 not null default 0,
  due_at timestamptz(3), warn_at timestamptz(3), warned_at timestamptz(3), breached_at timestamptz(3),
  started_at timestamptz(3) not null, stopped_at timestamptz(3),
  ${KEPT},
  constraint inquiry_clocks_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_clocks_policy foreign key (tenant_id, policy_id) references sla_policies (tenant_id, id) on delete set null (policy_id),
  constraint inquiry_clocks_run_or_stand check (stopped_at is not null or (running_since is null) <> (paused_since is null))`;

// Operators that are not leak-proof are not pushed below a policy: the ids are found here by index, the rows read under it.
const SEARCH = `returns setof uuid language sql stable as $$
  (select i.id from inquiries i where i.tenant_id = app_tenant()
    and (i.subject || ' ' || i.message) ilike '%' || replace(replace(replace(term, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
    order by i.created_at desc limit most)
  union
  select i.id from inquiries i where i.tenant_id = app_tenant()
    and i.number = substring(term from '^\\s*(?:[Ii][Nn][Qq]-)?([0-9]{1,9})\\s*$')::int $$`;
