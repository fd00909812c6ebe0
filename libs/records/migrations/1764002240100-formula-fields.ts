import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const TYPES = "'text', 'number', 'money', 'date', 'boolean', 'select', 'multi_select', 'relation'";

const AS_MIGRATION = `select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
  set_config('app.actor_name', 'migration', true)`;

/** Fields that are computed from the record they stand on: by SQL that the compiler of formulas wrote. */
export class FormulaFields1764002240100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table custom_fields
      add column expression text, add column result_type text, add column compiled text,
      add column inputs text[] not null default '{}', add column record_columns text[] not null default '{}',
      drop constraint custom_fields_type_is_known,
      add constraint custom_fields_type_is_known check (type in (${TYPES}, 'formula')),
      add constraint custom_fields_formula_is_whole check ((type = 'formula') = (expression is not null)
        and (type = 'formula') = (compiled is not null) and (type = 'formula') = (result_type is not null)),
      add constraint custom_fields_result_type_is_known check (result_type in ('number', 'text', 'boolean', 'date', 'instant')),
      add constraint custom_fields_formula_is_not_written check (type <> 'formula' or not (is_required or is_indexed))`);
    for (const text of [...ARITHMETIC, COMPUTED]) await q.query(text);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'custom_fields_computed(text, jsonb, text[])');
    for (const signature of SIGNATURES) await dropFunction(q, signature);
    await q.query(AS_MIGRATION);
    await q.query("delete from custom_fields where type = 'formula'");
    await q.query(`alter table custom_fields
      drop constraint custom_fields_formula_is_whole, drop constraint custom_fields_result_type_is_known,
      drop constraint custom_fields_formula_is_not_written, drop constraint custom_fields_type_is_known,
      add constraint custom_fields_type_is_known check (type in (${TYPES})),
      drop column expression, drop column result_type, drop column compiled, drop column inputs, drop column record_columns`);
  }
}

// None of them fails, whatever it is given: what is too large, too long or no day is null.
const ARITHMETIC = [
  `create function formula_number(given numeric) returns numeric language sql immutable strict parallel safe as
    $$ select case when abs(given) < 1e18 then round(given, 12) end $$`,
  `create function formula_text(given text) returns text language sql immutable strict parallel safe as
    $$ select case when length(given) <= 2000 then given end $$`,
  // what 'today' is, is another thing tomorrow
  `create function formula_date(given text) returns date language sql stable strict parallel safe as
    $$ select case when given ~ '^\\d{4}-\\d{2}-\\d{2}$' and pg_input_is_valid(given, 'date') then given::date end $$`,
  `create function formula_min(given anyarray) returns anyelement language sql immutable parallel safe as
    $$ select case when array_position(given, null) is null then (select min(one) from unnest(given) one) end $$`,
  `create function formula_max(given anyarray) returns anyelement language sql immutable parallel safe as
    $$ select case when array_position(given, null) is null then (select max(one) from unnest(given) one) end $$`,
];
const SIGNATURES = [
  ...['formula_max(anyarray)', 'formula_min(anyarray)', 'formula_date(text)', 'formula_text(text)'],
  'formula_number(numeric)',
];

/**
 * What the formulas of a record come to, those that are hidden left out; nothing for one that comes to nothing. The record comes
 * as JSON, since a statement that has just written it has no row of its table to show; of it only the columns that they are made of
 * are read: a whole row costs ten times as much. As everywhere, an instant is in UTC.
 */
const COMPUTED = `create function custom_fields_computed(of_kind text, of_row jsonb, hidden text[]) returns jsonb
  language plpgsql stable parallel safe as $$
declare
  parts text;
  columns text;
  told jsonb;
begin
  select string_agg(format('%L, %s', f.key, case f.result_type
      when 'number' then 'trim_scale(' || f.compiled || ')'
      when 'date' then 'to_char(' || f.compiled || ', ''YYYY-MM-DD'')'
      when 'instant' then 'to_char(' || f.compiled || ' at time zone ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'')'
      else f.compiled end), ', ' order by f.key) into parts
    from custom_fields f where f.tenant_id = app_tenant() and f.record_kind = of_kind and f.type = 'formula'
      and f.archived_at is null and not f.key = any (hidden);
  if parts is null then return '{}'; end if;
  select string_agg(distinct one, ', ') into columns from custom_fields f cross join unnest(f.record_columns) one
    where f.tenant_id = app_tenant() and f.record_kind = of_kind and f.type = 'formula' and f.archived_at is null;
  execute format('select jsonb_strip_nulls(jsonb_build_object(%s)) from jsonb_to_record($1) record(%s)', parts,
    coalesce(columns, 'custom_fields jsonb')) into told using of_row;
  return told;
end $$`;
