import { Migrator, platformMigrations } from '@app/platform';
import { createTestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { expect, it } from 'vitest';
import { AuditSeals1763700200000 } from './1763700200000-audit-seals.js';
import { auditMigrations } from './index.js';

type Named = { readonly name: string };
const timeOf = (migration: Named): string => migration.name.slice(-13);
/** The migration of the seals and all that came after it. */
const sinceSeals = (all: readonly Named[]): number =>
  all.filter((one) => timeOf(one) >= timeOf(AuditSeals1763700200000)).length;

it('The migration of the seals can be taken back, with rows in the trail, and made again', async () => {
  const migrations = [...platformMigrations, ...auditMigrations];
  const database = await createTestDatabase(migrations);
  const superuser = new pg.Client(database.superuserUrl);
  await superuser.connect();
  const shape = async (): Promise<unknown[]> => {
    const { rows } = await superuser.query(
      `select relname as name from pg_class where relname like 'audit\\_%' and relkind in ('r', 'i')
       union all select proname from pg_proc where proname like 'audit\\_%'
       union all select attname from pg_attribute where attrelid = 'audit_log'::regclass and not attisdropped order by name`,
    );
    return rows;
  };
  try {
    await superuser.query(
      `insert into audit_log (tenant_id, actor_id, actor_name, entity, entity_id, action)
       select gen_random_uuid(), gen_random_uuid(), 'x', 'customers', '1', 'updated'`,
    );
    const before = await shape();
    const migrator = new Migrator(database.ownerUrl, migrations);
    await migrator.rollback(sinceSeals(migrations));
    const bare = await shape();
    expect(bare).not.toContainEqual({ name: 'sealed' });
    expect(bare).not.toContainEqual({ name: 'audit_seal' });
    expect(bare).toContainEqual({ name: 'audit_row' });
    await migrator.migrate();
    expect(await shape()).toEqual(before);
  } finally {
    await superuser.end();
  }
});
