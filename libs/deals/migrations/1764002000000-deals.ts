import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pipelines with their stages, the deals in them, how deals moved, and the rates that reports convert by. */
export class Deals1764002000000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'pipelines', PIPELINES, { audit: true });
    await q.query('create unique index pipelines_one_default on pipelines (tenant_id) where is_default');
    await createTenantTable(q, 'pipeline_stages', STAGES, { audit: true });
    await createTenantTable(q, 'deals', DEALS, { audit: true });
    for (const index of INDEXES) await q.query(index);
    await this.keepMoves(q);
    await this.refuseInactiveOwners(q);
    await createTenantTable(q, 'exchange_rates', RATES, { audit: true });
    await q.query('revoke update on exchange_rates from nexus_app');
    await createDoor(q, 'deals_search(term text, most int)', SEARCH);
  }

  private async keepMoves(q: QueryRunner): Promise<void> {
    const because = 'it follows from deals, which is audited';
    await createTenantTable(q, 'deal_moves', MOVES, { audit: false, because });
    await q.query('revoke update, delete on deal_moves from nexus_app');
    await q.query(KEEP_MOVE);
    await q.query(
      'create trigger moves after insert or update of stage_id, status on deals for each row execute function deals_keep_move()',
    );
  }

  private async refuseInactiveOwners(q: QueryRunner): Promise<void> {
    await q.query(REFUSE_INACTIVE);
    await q.query(`create trigger owner_is_active before insert or update of owner_id on deals for each row
      when (new.owner_id is not null) execute function deals_refuse_inactive_owner()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'deals_search(text, int)');
    await dropTables(q, 'exchange_rates', 'deal_moves', 'deals', 'pipeline_stages', 'pipelines');
    await dropFunction(q, 'deals_keep_move()');
    await dropFunction(q, 'deals_refuse_inactive_owner()');
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;
const STATUS = `('open', 'won', 'lost')`;
const MOST = 999_999_999_999_999;

const PIPELINES = `
  id uuid not null, name text not null, currency text not null, is_default boolean not null default false,
  ${KEPT},
  constraint pipelines_name_is_free unique (tenant_id, name)`;

const STAGES = `
  id uuid not null, pipeline_id uuid not null, name text not null, position int not null,
  probability int not null constraint pipeline_stages_probability_is_a_percentage check (probability between 0 and 100),
  forecast text not null constraint pipeline_stages_forecast_is_known check (forecast in ('omitted', 'pipeline', 'best_case', 'commit')),
  requires text[] not null default '{}',
  rot_days int constraint pipeline_stages_rot_days_are_positive check (rot_days > 0),
  wip_limit int constraint pipeline_stages_wip_limit_is_positive check (wip_limit > 0),
  ${KEPT},
  constraint pipeline_stages_pipeline foreign key (tenant_id, pipeline_id) references pipelines (tenant_id, id) on delete cascade,
  constraint pipeline_stages_of_pipeline unique (tenant_id, pipeline_id, id),
  constraint pipeline_stages_name_is_free unique (tenant_id, pipeline_id, name)`;

// The rank is compared byte by byte, as the code that makes it does. A deal stands in one stage of its own pipeline.
const DEALS = `
  id uuid not null, name text not null,
  pipeline_id uuid not null, stage_id uuid not null, rank text collate "C" not null,
  status text not null constraint deals_status_is_known check (status in ${STATUS}),
  amount bigint constraint deals_amount_is_in_range check (amount between 0 and ${MOST}), currency text not null,
  probability int not null constraint deals_probability_is_a_percentage check (probability between 0 and 100),
  expected_close_date date, customer_id uuid, owner_id uuid, team_id uuid, created_by uuid not null,
  stage_entered_at timestamptz(3) not null, rots_at timestamptz(3), closed_at timestamptz(3),
  lost_reason text, reopened_because text,
  deleted_at timestamptz(3), deleted_by uuid,
  ${KEPT},
  constraint deals_stage foreign key (tenant_id, pipeline_id, stage_id) references pipeline_stages (tenant_id, pipeline_id, id),
  constraint deals_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint deals_owner foreign key (tenant_id, owner_id) references users (tenant_id, id),
  constraint deals_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint deals_over_have_their_time check ((status = 'open') = (closed_at is null)),
  constraint deals_are_lost_for_a_reason check ((status = 'lost') = (lost_reason is not null))`;

const LIVE = 'where deleted_at is null';
const INDEXES = [
  `create index deals_by_creation on deals (tenant_id, created_at desc, id desc) ${LIVE}`,
  `create index deals_by_status on deals (tenant_id, status, created_at desc, id desc) ${LIVE}`,
  `create index deals_by_owner on deals (tenant_id, owner_id, created_at desc, id desc) ${LIVE}`,
  `create index deals_by_creator on deals (tenant_id, created_by, created_at desc, id desc) ${LIVE}`,
  `create index deals_of_team on deals (tenant_id, team_id, created_at desc, id desc) ${LIVE}`,
  `create index deals_of_stage on deals (tenant_id, stage_id, created_at desc, id desc) ${LIVE}`,
  `create index deals_of_pipeline on deals (tenant_id, pipeline_id, created_at desc, id desc) ${LIVE}`,
  // with what a column is worth, so that the board adds up its columns from the index
  `create index deals_on_board on deals (tenant_id, stage_id, rank, id) include (currency, amount)
    where status = 'open' and deleted_at is null`,
  `create index deals_by_expected_close on deals (tenant_id, expected_close_date, id) ${LIVE}`,
  `create index deals_by_amount on deals (tenant_id, amount, id) ${LIVE}`,
  `create index deals_by_closing on deals (tenant_id, closed_at, id) ${LIVE}`,
  'create index deals_in_trash on deals (tenant_id, deleted_at desc, id desc) where deleted_at is not null',
  'create index deals_of_customer on deals (tenant_id, customer_id, created_at desc, id desc)',
  'create index deals_text on deals using gin (tenant_id, name gin_trgm_ops)',
];

// The stage's name stands here as it was: stages go, what happened stays.
const MOVES = `
  id uuid not null default gen_random_uuid(), deal_id uuid not null, version int not null,
  kind text not null, pipeline_id uuid not null, stage_id uuid not null, stage_name text not null,
  status text not null, amount bigint, currency text not null, probability int not null,
  reason text, moved_by uuid not null, moved_at timestamptz(3) not null,
  constraint deal_moves_one_a_version unique (tenant_id, deal_id, version),
  constraint deal_moves_deal foreign key (tenant_id, deal_id) references deals (tenant_id, id) on delete cascade`;

// Part of the one statement that moves the deal, so that no way of moving one can forget it.
const KEEP_MOVE = `create function deals_keep_move() returns trigger language plpgsql as $$
declare kind text := 'created';
begin
  if tg_op = 'UPDATE' then
    if (new.stage_id, new.status) = (old.stage_id, old.status) then return null; end if;
    kind := case when new.status = old.status then 'moved' when new.status = 'open' then 'reopened' else new.status end;
  end if;
  insert into deal_moves (tenant_id, deal_id, version, kind, pipeline_id, stage_id, stage_name, status, amount, currency,
      probability, reason, moved_by, moved_at)
    select new.tenant_id, new.id, new.version, kind, new.pipeline_id, new.stage_id, s.name, new.status, new.amount,
      new.currency, new.probability,
      case kind when 'lost' then new.lost_reason when 'reopened' then new.reopened_because end,
      current_setting('app.actor_id')::uuid, coalesce(new.closed_at, new.stage_entered_at)
    from pipeline_stages s where s.tenant_id = new.tenant_id and s.id = new.stage_id;
  return null;
end $$`;

// FOR SHARE waits for whoever closes that account or hands its work over, and reads what they left. It speaks as the
// column's foreign key: to the caller there is no such owner.
const REFUSE_INACTIVE = `create function deals_refuse_inactive_owner() returns trigger language plpgsql as $$
declare is_active boolean;
begin
  select u.status = 'active' into is_active from users u where u.tenant_id = new.tenant_id and u.id = new.owner_id for share;
  if is_active is false then
    raise exception 'the owner may not come in' using errcode = '23503', constraint = 'deals_owner';
  end if;
  return new;
end $$`;

// Never changed, so that a report of the past says tomorrow what it says today. minor_rate is what one minor unit of the
// currency is in minor units of the base.
const RATES = `
  id uuid not null, base text not null, currency text not null, day date not null,
  rate numeric(24, 12) not null constraint exchange_rates_rate_is_positive check (rate > 0),
  minor_rate numeric(30, 15) not null constraint exchange_rates_minor_rate_is_positive check (minor_rate > 0),
  created_by uuid not null, created_at timestamptz(3) not null default now(),
  constraint exchange_rates_one_a_day unique (tenant_id, base, currency, day),
  constraint exchange_rates_two_currencies check (base <> currency)`;

// Operators that are not leak-proof are not pushed below a policy: the ids are found here by index, the rows read under it.
const SEARCH = `returns setof uuid language sql stable as $$
  select d.id from deals d where d.tenant_id = app_tenant()
    and d.name ilike '%' || replace(replace(replace(term, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
    order by d.created_at desc limit most $$`;
