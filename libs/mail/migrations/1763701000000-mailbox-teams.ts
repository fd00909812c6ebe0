import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mailbox belongs to a team that there is, or to nobody. Until now any id was taken. */
export class MailboxTeams1763701000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // the audit trail wants to know who changes a row
    await q.query(`select set_config('app.actor_id', $1, true), set_config('app.actor_name', 'migration', true)`, [
      '00000000-0000-7000-8000-000000000000',
    ]);
    await q.query(
      `update mailboxes b set team_id = null, version = b.version + 1, updated_at = clock_timestamp() where b.team_id is not null
       and not exists (select 1 from teams t where t.tenant_id = b.tenant_id and t.id = b.team_id)`,
    );
    await q.query(
      `alter table mailboxes add constraint mailboxes_team foreign key (tenant_id, team_id)
       references teams (tenant_id, id) on delete set null (team_id)`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table mailboxes drop constraint if exists mailboxes_team');
  }
}
