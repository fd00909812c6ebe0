import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The second factor: one-time codes from a device of the person's, and the codes for the day that it is lost. */
export class TotpFactors1764000100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'totp_factors', FACTOR_COLUMNS, { audit: true, except: ['secret'] });
    await createTenantTable(q, 'recovery_codes', RECOVERY_CODE_COLUMNS, { audit: true, except: ['code_hash'] });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'recovery_codes', 'totp_factors');
  }
}

// `id` is the person's: one has one. `last_step` is the newest time step of which a code was taken.
const FACTOR_COLUMNS = `
  id uuid not null,
  secret text not null constraint totp_factors_secret_is_sealed check (secret ~ '^v\\d+[.]'),
  last_step int not null default 0, confirmed_at timestamptz(3),
  version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  constraint totp_factors_user foreign key (tenant_id, id) references users (tenant_id, id) on delete cascade`;

const RECOVERY_CODE_COLUMNS = `
  id uuid not null, user_id uuid not null, code_hash bytea not null,
  created_at timestamptz(3) not null, used_at timestamptz(3),
  constraint recovery_codes_are_different unique (tenant_id, user_id, code_hash),
  constraint recovery_codes_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;
