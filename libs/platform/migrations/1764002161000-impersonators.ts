import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who really acted, where somebody saw the system as another person. By a default, so that no function which writes the trail can forget it. */
export class Impersonators1764002161000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table audit_log add impersonator_id uuid');
    await q.query(
      `alter table audit_log alter impersonator_id set default nullif(current_setting('app.impersonator_id', true), '')::uuid`,
    );
    await q.query(
      'create index audit_log_of_impersonator on audit_log (tenant_id, impersonator_id, id) where impersonator_id is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table audit_log drop column impersonator_id');
  }
}
