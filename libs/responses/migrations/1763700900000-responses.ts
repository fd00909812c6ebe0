import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Responses1763700900000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'responses', RESPONSES, { audit: true, except: ['message'] });
    await q.query('create index responses_by_creation on responses (tenant_id, created_at desc, id desc)');
    await q.query('create index responses_of_inquiry on responses (tenant_id, inquiry_id, created_at desc, id desc)');
    await q.query('create index responses_of_status on responses (tenant_id, status, created_at desc, id desc)');
    await q.query('create index responses_of_author on responses (tenant_id, responded_by, created_at desc, id desc)');
    await q.query('create index responses_of_customer on responses (tenant_id, customer_id)');
    await createTenantTable(q, 'response_revisions', REVISIONS, { audit: true, except: ['message'] });
    await this.appendOnly(q, 'response_revisions');
    await createTenantTable(q, 'response_steps', STEPS, {
      audit: false,
      because: 'it tells of changes to responses, which are audited themselves',
    });
    await q.query('create index response_steps_of_response on response_steps (tenant_id, response_id, at, id)');
    await q.query(
      'create index response_steps_of_customer on response_steps (tenant_id, customer_id, at desc, kind, id)',
    );
    await this.appendOnly(q, 'response_steps');
    await createTenantTable(q, 'response_settings', SETTINGS, { audit: true });
  }

  /** What was once said stays as it was said. */
  private async appendOnly(q: QueryRunner, table: string): Promise<void> {
    await q.query(`revoke update, delete on ${table} from nexus_app`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'response_settings', 'response_steps', 'response_revisions', 'responses');
  }
}

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

// Whoever writes or decides may be a service token as well as a user, so those ids refer to no table.
const RESPONSES = `
  id uuid not null, inquiry_id uuid not null, customer_id uuid not null,
  message text not null constraint responses_message_is_text check (message ~ '\\S'),
  status text not null default 'draft' constraint responses_status_is_known check (status in
    ('draft', 'pending_approval', 'approved', 'rejected', 'scheduled', 'held', 'sending', 'sent', 'failed', 'discarded')),
  revision int not null constraint responses_revision_counts_from_one check (revision >= 1),
  content_hash text not null,
  responded_by uuid not null, editors uuid[] not null,
  submitted_by uuid, submitted_at timestamptz(3),
  approved_by uuid, approved_at timestamptz(3), approved_hash text,
  is_self_approved boolean not null default false, approval_notes text,
  known_customer_messages int not null default 0, known_answers uuid[] not null default '{}',
  send_at timestamptz(3), hold_reason text, delivery_state text, failure_reason text,
  delivery_id uuid, message_id text, sent_at timestamptz(3), corrects uuid,
  ${KEPT},
  primary key (tenant_id, id),
  constraint responses_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id),
  constraint responses_corrects foreign key (tenant_id, corrects) references responses (tenant_id, id),
  constraint responses_approval_is_whole check ((approved_by is null) = (approved_at is null) and (approved_by is null) = (approved_hash is null)),
  constraint responses_go_out_approved check (status not in ('approved', 'scheduled', 'held', 'sending', 'sent', 'failed')
    or (approved_by is not null and approved_hash = content_hash)),
  constraint responses_are_approved_by_others check (is_self_approved
    or (approved_by <> responded_by and approved_by <> all (editors) and approved_by <> submitted_by)),
  constraint responses_sent_has_time check ((status = 'sent') = (sent_at is not null)),
  constraint responses_scheduled_has_time check (status <> 'scheduled' or send_at is not null),
  constraint responses_held_has_reason check ((status = 'held') = (hold_reason is not null))`;

const REVISIONS = `
  id uuid not null, response_id uuid not null, revision int not null, message text not null, content_hash text not null,
  author_id uuid not null, at timestamptz(3) not null,
  constraint response_revisions_response foreign key (tenant_id, response_id) references responses (tenant_id, id),
  constraint response_revisions_are_numbered unique (tenant_id, response_id, revision)`;

const STEPS = `
  id uuid not null, response_id uuid not null, customer_id uuid not null, kind text not null, revision int not null,
  actor_id uuid not null, at timestamptz(3) not null, notes text,
  constraint response_steps_response foreign key (tenant_id, response_id) references responses (tenant_id, id)`;

const SETTINGS = `
  id uuid not null, sends_automatically boolean not null default true,
  ${KEPT},
  constraint response_settings_are_of_their_tenant check (id = tenant_id)`;
