import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Teams stand below teams: whoever leads one reaches what is below it. */
export class TeamHierarchy1764002200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table teams add column parent_id uuid,
      add constraint teams_parent foreign key (tenant_id, parent_id) references teams (tenant_id, id)`);
    await q.query('create index teams_by_parent on teams (tenant_id, parent_id) where parent_id is not null');
    await q.query(KEEP_TREE);
    await q.query('alter function teams_keep_tree() owner to nexus_owner');
    await q.query('grant execute on function teams_keep_tree() to nexus_app, nexus_definer');
    await q.query(`create trigger teams_keep_tree before insert or update of parent_id on teams
      for each row when (new.parent_id is not null) execute function teams_keep_tree()`);
    await createDoor(q, 'reached_teams(in_tenant uuid, in_user uuid)', REACHED);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'reached_teams(uuid, uuid)');
    await dropFunction(q, 'teams_keep_tree()');
    await q.query('drop index teams_by_parent');
    await q.query('alter table teams drop column parent_id');
  }
}

const MOST_LEVELS = 10;

// Moves take turns, tenant by tenant: two that would close a circle together each see a tree without the other. The lock
// comes first, so that the statements after it see what the other one left.
const KEEP_TREE = `create function teams_keep_tree() returns trigger language plpgsql as $$
declare above uuid[]; levels int;
begin
  perform pg_advisory_xact_lock(hashtextextended('teams_keep_tree ' || new.tenant_id, 0));
  with recursive up(id, n) as (
    select new.parent_id, 1
    union all
    select t.parent_id, up.n + 1 from up join teams t on t.tenant_id = new.tenant_id and t.id = up.id
    where t.parent_id is not null and up.n <= ${MOST_LEVELS})
  select array_agg(up.id) into above from up;
  if new.id = any (above) then
    raise exception 'a team cannot be below itself' using errcode = '23514', constraint = 'teams_are_no_circle';
  end if;
  with recursive down(id, n) as (
    select new.id, 1
    union all
    select t.id, down.n + 1 from down join teams t on t.tenant_id = new.tenant_id and t.parent_id = down.id
    where down.n <= ${MOST_LEVELS})
  select max(down.n) into levels from down;
  if cardinality(above) + levels > ${MOST_LEVELS} then
    raise exception 'teams have at most ${MOST_LEVELS} levels' using errcode = '23514', constraint = 'teams_are_not_too_deep';
  end if;
  return new;
end $$`;

// Asked when a standing is loaded, not when records are: a policy compares with what came out. UNION forgets what it has
// seen, so it would end even in a circle.
const REACHED = `returns uuid[] language sql stable as $$
  with recursive led(id) as (
    select m.team_id from team_members m where m.tenant_id = in_tenant and m.user_id = in_user and m.is_lead
    union
    select t.id from led join teams t on t.tenant_id = in_tenant and t.parent_id = led.id)
  select array(
    select led.id from led
    union
    select m.team_id from team_members m where m.tenant_id = in_tenant and m.user_id = in_user
    order by 1) $$`;
