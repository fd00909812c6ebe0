import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the code never does, the database refuses too: a sixth try, a time step before the first. */
export class FactorBounds1764001130000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      'alter table mfa_challenges add constraint mfa_challenges_tries_are_few check (tries between 0 and 5)',
    );
    await q.query('alter table totp_factors add constraint totp_factors_last_step_is_one check (last_step >= 0)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table totp_factors drop constraint totp_factors_last_step_is_one');
    await q.query('alter table mfa_challenges drop constraint mfa_challenges_tries_are_few');
  }
}
