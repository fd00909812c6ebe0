import { authContexts } from '@app/auth/testing';
import { Migrator, platformMigrations } from '@app/platform';
import { createTestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { expect, it } from 'vitest';
import { recordsMigrations } from './index.js';

const TENANT = '01920000-0000-7000-8000-00000000000a';
const timeOf = ({ name }: { name: string }): number => Number(/\d+$/.exec(name)?.[0]);
const NEWEST = Math.max(...recordsMigrations.map(timeOf));

it('Formulas and instants go with their migrations, and lose no value of a record', async () => {
  const others = [...platformMigrations, ...authContexts.flatMap(({ migrations }) => migrations)];
  const all = [...others.filter((one) => timeOf(one) < NEWEST), ...recordsMigrations];
  const database = await createTestDatabase(all);
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  try {
    await superuser.query(`select set_config('app.actor_id', $1, false)`, [TENANT]);
    await superuser.query("insert into tenants (tenant_id, id, slug, title) values ($1, $1, 'x', 'X')", [TENANT]);
    for (const [key, type, compiled] of [
      ['note', 'text', null],
      ['callAt', 'instant', null],
      ['one', 'formula', '1::numeric'],
      ['later', 'formula', "custom_field_instant((record.custom_fields ->> 'callAt'))"],
    ])
      await superuser.query(
        `insert into custom_fields (tenant_id, id, record_kind, key, label, type, is_required, is_personal, is_indexed, index_state,
           created_by, expression, compiled, result_type)
         values ($1, gen_random_uuid(), 'customers', $2, $2, $3, false, false, false, 'none', $1, $4, $4, $5)`,
        [TENANT, key, type, compiled, compiled && 'number'],
      );
    const kept = async (): Promise<unknown[]> =>
      (await superuser.query('select key, type from custom_fields order by key')).rows.map(({ key, type }) => [
        key,
        type,
      ]);
    const migrator = new Migrator(database.ownerUrl, all);
    await migrator.rollback();
    expect(await kept()).toEqual([
      ['callAt', 'text'],
      ['note', 'text'],
      ['one', 'formula'],
    ]);
    await migrator.rollback();
    expect(await kept()).toEqual([
      ['callAt', 'text'],
      ['note', 'text'],
    ]);
    await migrator.migrate();
    expect(await kept()).toHaveLength(2);
  } finally {
    await superuser.end();
  }
});
