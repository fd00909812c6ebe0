import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a text quotes is frozen with its revision. Where one of these facts is no longer so, the response is held without an
 * approval, and says what was and what is.
 */
export class ResponseFacts1764001300100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'response_facts', FACTS, { audit: true, except: ['value', 'text'] });
    await q.query('revoke update, delete on response_facts from nexus_app');
    await q.query(`alter table responses
      add column template text, add column stale_facts jsonb,
      drop constraint responses_go_out_approved,
      add constraint responses_go_out_approved check (status not in ('approved', 'scheduled', 'held', 'sending', 'sent', 'failed')
        or (approved_at is not null and approved_hash = content_hash) or (status = 'held' and hold_reason = 'facts_changed')),
      add constraint responses_stale_facts_void_the_approval check (
        (coalesce(hold_reason, '') = 'facts_changed') = (stale_facts is not null) and (stale_facts is null or approved_at is null))`);
    await audit(q, 'message,template,stale_facts');
  }

  async down(q: QueryRunner): Promise<void> {
    await audit(q, 'message');
    await q.query(`alter table responses
      drop constraint responses_stale_facts_void_the_approval,
      drop constraint responses_go_out_approved,
      add constraint responses_go_out_approved check (status not in ('approved', 'scheduled', 'held', 'sending', 'sent', 'failed')
        or (approved_at is not null and approved_hash = content_hash)) not valid,
      drop column stale_facts, drop column template`);
    await this.beDecidedAnew(q);
    await dropTables(q, 'response_facts');
  }

  /** Nothing was held without an approval before: what is now is a draft again, that somebody submits. */
  private async beDecidedAnew(q: QueryRunner): Promise<void> {
    await q.query(`select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
      set_config('app.actor_name', 'migration', true)`);
    await q.query(`update responses set status = 'draft', hold_reason = null, version = version + 1
      where status = 'held' and hold_reason = 'facts_changed'`);
  }
}

/** The trail keeps who changed a text and when; the texts stand in the revisions. */
async function audit(q: QueryRunner, except: string): Promise<void> {
  await q.query('drop trigger audit on responses');
  await q.query(`create trigger audit after insert or update or delete on responses
    for each row execute function audit_row('${except}', 'id')`);
}

const FACTS = `
  id uuid not null, response_id uuid not null, revision int not null,
  name text not null, value text not null, text text not null, at timestamptz(3) not null,
  constraint response_facts_revision foreign key (tenant_id, response_id, revision)
    references response_revisions (tenant_id, response_id, revision),
  constraint response_facts_are_quoted_once unique (tenant_id, response_id, revision, name)`;
