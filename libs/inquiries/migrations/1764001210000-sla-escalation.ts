import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a policy does when a promise runs out, which of it a clock has come to, and what was done then. */
export class SlaEscalation1764001210000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table sla_policies
      add escalation jsonb not null default '${USUAL}',
      add constraint sla_policies_escalation_is_bounded
        check (jsonb_typeof(escalation) = 'array' and jsonb_array_length(escalation) <= 5)`);
    await q.query(`alter table inquiry_clocks
      add escalation jsonb not null default '[]',
      add escalated_steps int not null default 0,
      add escalates_at timestamptz(3),
      add constraint inquiry_clocks_escalate_while_they_run check (escalates_at is null or running_since is not null and stopped_at is null)`);
    await this.beginWithWhatIsToCome(q);
    await createTenantTable(q, 'inquiry_escalations', ESCALATIONS, {
      audit: false,
      because: 'it tells of changes to inquiries, which are audited themselves',
    });
    await q.query(
      'create index inquiry_escalations_of_inquiry on inquiry_escalations (tenant_id, inquiry_id, clock_id, step)',
    );
    await q.query('revoke update, delete on inquiry_escalations from nexus_app');
  }

  /** What has come due before is not told any more. */
  private async beginWithWhatIsToCome(q: QueryRunner): Promise<void> {
    await q.query(`select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
      set_config('app.actor_name', 'migration', true)`);
    await q.query(`update inquiry_clocks set escalation = '${USUAL}',
        escalated_steps = case when breached_at is not null then 2 when warned_at is not null then 1 else 0 end,
        escalates_at = case when breached_at is null and running_since is not null
          then case when warned_at is null then warn_at else due_at end end
      where stopped_at is null`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'inquiry_escalations');
    await q.query('alter table inquiry_clocks drop escalation, drop escalated_steps, drop escalates_at');
    await q.query('alter table sla_policies drop escalation');
  }
}

const USUAL = `[{"after": 0.8, "action": "notify"}, {"after": 1, "action": "reassign_to_lead"}, {"after": 2, "action": "reassign_to_manager"}]`;

const ESCALATIONS = `
  id uuid not null, inquiry_id uuid not null, clock_id uuid not null,
  step int not null constraint inquiry_escalations_steps_count_from_one check (step >= 1),
  after float8 not null,
  action text not null constraint inquiry_escalations_action_is_known check (action in ('notify', 'reassign_to_lead', 'reassign_to_manager')),
  outcome text not null constraint inquiry_escalations_outcome_is_known check (outcome in ('told', 'reassigned', 'nobody', 'stopped')),
  told uuid[] not null default '{}', at timestamptz(3) not null,
  constraint inquiry_escalations_once unique (tenant_id, clock_id, step),
  constraint inquiry_escalations_tell_somebody check ((outcome in ('told', 'reassigned')) = (cardinality(told) > 0)),
  constraint inquiry_escalations_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade,
  constraint inquiry_escalations_clock foreign key (tenant_id, clock_id) references inquiry_clocks (tenant_id, id) on delete cascade`;
