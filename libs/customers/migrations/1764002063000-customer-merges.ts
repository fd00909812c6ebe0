import { createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of two customers one, and back. */
export class CustomerMerges1764002063000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers add column merged_into uuid,
      add constraint customers_merged_into_another foreign key (tenant_id, merged_into) references customers (tenant_id, id),
      add constraint customers_merged_are_away check (merged_into is null or (deleted_at is not null and merged_into <> id))`);
    await q.query('create index customers_merged on customers (tenant_id, merged_into) where merged_into is not null');
    await createTenantTable(q, 'customer_merges', MERGES, { audit: true, except: ['moved'] });
    await q.query(
      `create unique index customer_merges_once on customer_merges (tenant_id, loser_id) where state = 'merged'`,
    );
    await q.query('create index customer_merges_by_creation on customer_merges (tenant_id, created_at desc, id desc)');
    await q.query('create index customer_merges_of_survivor on customer_merges (tenant_id, survivor_id)');
    for (const ddl of [SURVIVOR, FOLLOW, FOLLOW_REFERRER]) await q.query(ddl);
    for (const table of FOLLOWING) await q.query(followMerges(table));
    await q.query(`create trigger follow_merge before insert or update of referred_by on customers for each row
      when (new.referred_by is not null) execute function customers_follow_merge_of_referrer()`);
    await q.query('grant update (customer_id) on customer_consents to nexus_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('revoke update (customer_id) on customer_consents from nexus_app');
    for (const name of [
      'customers_follow_merge_of_referrer()',
      'customers_follow_merge()',
      'customers_survivor(uuid, uuid)',
    ])
      await dropFunction(q, name);
    await dropTables(q, 'customer_merges');
    await q.query('alter table customers drop column merged_into');
  }
}

const FOLLOWING = ['customer_consents', 'company_contacts'];

/**
 * Whose the id of a customer is by now: the survivor's where it was merged, also when the merge commits in this moment,
 * since the share waits for it and reads what it left.
 */
const SURVIVOR = `create function customers_survivor(tenant uuid, customer uuid) returns uuid language plpgsql as $$
declare survivor uuid;
begin
  loop
    select c.merged_into into survivor from customers c where c.tenant_id = tenant and c.id = customer for key share;
    exit when survivor is null;
    customer := survivor;
  end loop;
  return customer;
end $$`;

const FOLLOW = `create function customers_follow_merge() returns trigger language plpgsql as $$
begin
  new.customer_id := customers_survivor(new.tenant_id, new.customer_id);
  return new;
end $$`;

const FOLLOW_REFERRER = `create function customers_follow_merge_of_referrer() returns trigger language plpgsql as $$
begin
  new.referred_by := customers_survivor(new.tenant_id, new.referred_by);
  return new;
end $$`;

const followMerges = (
  table: string,
): string => `create trigger follow_merge before insert or update of customer_id on ${table}
  for each row when (new.customer_id is not null) execute function customers_follow_merge()`;

const MERGES = `
  id uuid not null, survivor_id uuid not null, loser_id uuid not null,
  state text not null constraint customer_merges_state_is_known check (state in ('merged', 'undone')),
  survivor_before jsonb not null, survivor_after jsonb not null,
  moved jsonb not null, restricted jsonb not null,
  merged_by uuid not null, undone_by uuid, undone_at timestamptz(3),
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint customer_merges_of_two check (survivor_id <> loser_id),
  constraint customer_merges_undoing_is_whole check ((state = 'undone') = (undone_by is not null and undone_at is not null)),
  constraint customer_merges_survivor foreign key (tenant_id, survivor_id) references customers (tenant_id, id) on delete cascade,
  constraint customer_merges_loser foreign key (tenant_id, loser_id) references customers (tenant_id, id) on delete cascade`;
