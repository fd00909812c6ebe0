import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const BEFORE = "'text', 'number', 'money', 'date', 'boolean', 'select', 'multi_select', 'relation', 'formula'";

const AS_MIGRATION = `select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
  set_config('app.actor_name', 'migration', true)`;

/** Fields that hold a moment: as text in one form, in UTC, which sorts as time does. */
export class InstantFields1764002240200 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table custom_fields drop constraint custom_fields_type_is_known,
      add constraint custom_fields_type_is_known check (type in (${BEFORE}, 'instant'))`);
    await q.query(INSTANT);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'custom_field_instant(text)');
    await q.query(AS_MIGRATION);
    // without the function, what is made of one would fail
    await q.query("delete from custom_fields where type = 'formula' and strpos(compiled, 'custom_field_instant(') > 0");
    // a text is what is left of it: no value is lost
    await q.query("update custom_fields set type = 'text', rules = '{}' where type = 'instant'");
    await q.query(`alter table custom_fields drop constraint custom_fields_type_is_known,
      add constraint custom_fields_type_is_known check (type in (${BEFORE}))`);
  }
}

/** What is not in that form is null, so that no row makes a list fail. */
const INSTANT = `create function custom_field_instant(given text) returns timestamptz
  language sql stable strict parallel safe as $$
    select case when given ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' and pg_input_is_valid(given, 'timestamptz')
      then given::timestamptz end $$`;
