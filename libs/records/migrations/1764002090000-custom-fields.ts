import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The fields that tenants add to their records; the values stand in a column `custom_fields` of each host's table. */
export class CustomFields1764002090000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'custom_fields', FIELDS, { audit: true });
    await q.query(
      'create unique index custom_fields_key_is_free on custom_fields (tenant_id, record_kind, lower(key))',
    );
    await q.query('create index custom_fields_by_key on custom_fields (tenant_id, key, id)');
    await q.query(SHOWN);
    await createDoor(q, 'custom_field_rows(of_kind text, of_key text, sign text, wanted text[])', ROWS);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'custom_field_rows(text, text, text, text[])');
    await dropFunction(q, 'custom_fields_shown(jsonb, text[])');
    await dropTables(q, 'custom_fields');
  }
}

const FIELDS = `
  id uuid not null, record_kind text not null,
  key text not null constraint custom_fields_key_is_plain check (key ~ '^[a-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$' and length(key) <= 40),
  label text not null,
  type text not null constraint custom_fields_type_is_known
    check (type in ('text', 'number', 'money', 'date', 'boolean', 'select', 'multi_select', 'relation')),
  options jsonb not null default '[]', rules jsonb not null default '{}', target_kind text, currency text,
  is_required boolean not null, is_personal boolean not null, is_indexed boolean not null,
  index_state text not null constraint custom_fields_index_state_is_known check (index_state in ('none', 'building', 'ready', 'failed')),
  converting_to jsonb, archived_at timestamptz(3), created_by uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp()`;

// As the column tells of a change, and as a merge tells of both records.
const SHOWN = `create function custom_fields_shown(told jsonb, hidden text[]) returns jsonb language plpgsql immutable parallel safe as $$
declare
  place text;
  path text[];
begin
  foreach place in array array['custom_fields', 'customFields', 'survivor,customFields', 'loser,customFields'] loop
    path := string_to_array(place, ',');
    if jsonb_typeof(told #> path) = 'object' then told := jsonb_set(told, path, (told #> path) - hidden); end if;
  end loop;
  return told;
end $$`;

/**
 * Ids of the tenant's records whose field stands in that relation to one of the values. None of the operators that look into
 * jsonb is leak-proof, so that under a policy no index over them is used: the ids are found here, the rows read under it. The
 * texts of the values are those of the field's index (`comparedValue`); the tenant is a literal, as in its condition.
 */
const ROWS = `returns setof uuid language plpgsql stable rows 100 as $$
declare
  tenant uuid := app_tenant();
  kept text;
  value text;
begin
  select f.type into kept from custom_fields f
    where f.tenant_id = tenant and f.record_kind = of_kind and f.key = of_key and f.archived_at is null;
  if kept is null or sign not in ('=', '<', '<=', '>', '>=') then return; end if;
  value := case kept
    when 'number' then format('(case when jsonb_typeof(custom_fields -> %1$L) = ''number'' then (custom_fields -> %1$L)::numeric end)', of_key)
    when 'money' then format('(case when jsonb_typeof(custom_fields -> %1$L -> ''amount'') = ''number'' then (custom_fields -> %1$L -> ''amount'')::numeric end)', of_key)
    else format('(custom_fields ->> %L)', of_key) end;
  return query execute format('select id from %I where tenant_id = %L and %s %s any ($1::%s[])', of_kind, tenant, value, sign,
    case when kept in ('number', 'money') then 'numeric' else 'text' end) using wanted;
end $$`;
