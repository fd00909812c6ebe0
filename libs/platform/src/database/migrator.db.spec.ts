import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/databases.js';
import { Migrator } from './migrator.js';

let stalls = false;

class First1763700000001 implements MigrationInterface {
  up = (q: QueryRunner): Promise<unknown> => q.query('create table firsts (id int)');
  down = (q: QueryRunner): Promise<unknown> => q.query('drop table firsts');
}

class Second1763700000002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('create table seconds (id int)');
    if (stalls) await q.query('select pg_sleep(60)');
    await q.query('insert into seconds values (1)');
  }

  down = (q: QueryRunner): Promise<unknown> => q.query('drop table seconds');
}

describe('Migrating', () => {
  let database: TestDatabase;
  let superuser: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase([]);
    superuser = new pg.Client(database.superuserUrl);
    await superuser.connect();
  });
  beforeEach(async () => {
    stalls = false;
    await superuser.query('drop table if exists firsts, seconds, migrations');
  });
  afterAll(async () => {
    await superuser.end();
  });

  const migrate = (): Promise<string[]> =>
    new Migrator(database.ownerUrl, [First1763700000001, Second1763700000002]).migrate();
  const tables = async (): Promise<string[]> =>
    (
      await superuser.query(
        "select tablename from pg_tables where schemaname = 'public' and tablename like '%s' order by 1",
      )
    ).rows.map(({ tablename }) => tablename);

  it('happens once, however many begin it at once', async () => {
    const done = await Promise.all([migrate(), migrate(), migrate()]);
    expect(done.flat().sort()).toEqual(['First1763700000001', 'Second1763700000002']);
    expect((await superuser.query('select * from seconds')).rows).toEqual([{ id: 1 }]);
  });

  it('leaves nothing of a migration it was killed in, and goes on from there', async () => {
    stalls = true;
    const killed = migrate().catch(() => 'killed');
    const kill = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(60)'";
    await expect.poll(async () => (await superuser.query(kill)).rowCount, { timeout: 5000 }).toBe(1);
    expect(await killed).toBe('killed');
    expect(await tables()).toEqual(['firsts', 'migrations']);
    stalls = false;
    expect(await migrate()).toEqual(['Second1763700000002']);
  });
});
