import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who comes in with a second factor, by another system's word or by a passkey reads a suspended tenant as those with a password do. */
export class SuspendedTenantsByEveryDoor1764001710000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await this.admit(q, ONLY_ACTIVE, NOT_LOCKED);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.admit(q, NOT_LOCKED, ONLY_ACTIVE);
  }

  /** As they are by now: nothing else of them changes. */
  private async admit(q: QueryRunner, before: string, after: string): Promise<void> {
    for (const name of ENTRANCES) {
      const [found] = (await q.query(
        `select pg_get_functiondef(oid) as text from pg_proc where proname = $1 and pronamespace = 'public'::regnamespace`,
        [name],
      )) as { text: string }[];
      if (!found?.text.includes(before)) throw new Error(`The door ${name} does not ask for ${before}`);
      await q.query(found.text.replaceAll(before, after));
    }
  }
}

const ENTRANCES = [
  'mfa_challenge_owner',
  'sso_provider_owner',
  'sso_providers_of',
  'sso_attempt_owner',
  'passkey_owner',
];
const ONLY_ACTIVE = `t.status = 'active'`;
const NOT_LOCKED = `t.status <> 'locked'`;
