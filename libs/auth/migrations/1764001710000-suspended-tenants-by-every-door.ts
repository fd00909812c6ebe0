import { rewriteFunctions } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who comes in with a second factor, by another system's word or by a passkey reads a suspended tenant as those with a password do. */
export class SuspendedTenantsByEveryDoor1764001710000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await rewriteFunctions(q, ENTRANCES, ONLY_ACTIVE, NOT_LOCKED);
  }

  async down(q: QueryRunner): Promise<void> {
    await rewriteFunctions(q, ENTRANCES, NOT_LOCKED, ONLY_ACTIVE);
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
