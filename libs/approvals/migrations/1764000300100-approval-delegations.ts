import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApprovalDelegations1764000300100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'approval_delegations', DELEGATIONS, { audit: true });
    await q.query('create index approval_delegations_by_start on approval_delegations (tenant_id, from_at, id)');
    await q.query(
      'create index approval_delegations_of_delegate on approval_delegations (tenant_id, delegate_id) where revoked_at is null',
    );
    await q.query('alter table approval_decisions add column on_behalf_of uuid');
    await q.query(
      'create unique index approval_decisions_one_voice_a_place on approval_decisions (tenant_id, request_id, on_behalf_of) where on_behalf_of is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table approval_decisions drop column on_behalf_of');
    await dropTables(q, 'approval_delegations');
  }
}

const DELEGATIONS = `
  id uuid not null, user_id uuid not null, delegate_id uuid not null,
  from_at timestamptz(3) not null, until_at timestamptz(3) not null,
  created_by uuid not null, revoked_at timestamptz(3),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint approval_delegations_user foreign key (tenant_id, user_id) references users (tenant_id, id),
  constraint approval_delegations_delegate foreign key (tenant_id, delegate_id) references users (tenant_id, id),
  constraint approval_delegations_are_to_others check (user_id <> delegate_id),
  constraint approval_delegations_last check (from_at < until_at),
  constraint approval_delegations_do_not_overlap exclude using gist
    (tenant_id with =, user_id with =, tstzrange(from_at, until_at) with &&) where (revoked_at is null)`;
