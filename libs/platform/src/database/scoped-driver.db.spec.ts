import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/databases.js';
import { SilentProxy } from '../testing/silent-proxy.js';
import { platformMigrations } from '../../migrations/index.js';
import { ScopedClient, ScopedPool } from './scoped-driver.js';

const PATIENCE_MS = 400;

describe('A database server that falls silent', () => {
  let database: TestDatabase;
  let proxy: SilentProxy;
  let pool: ScopedPool;
  beforeAll(async () => {
    database = await createTestDatabase(platformMigrations);
    proxy = await SilentProxy.to(database.appUrl);
    const options = { connectionString: proxy.url, max: 2, Client: ScopedClient, query_timeout: PATIENCE_MS };
    pool = new ScopedPool(options);
    pool.on('error', () => undefined);
  });
  afterAll(async () => {
    await pool?.end();
    await proxy?.close();
  });

  it('is given up, the statement fails, and the pool goes on once it is back', async () => {
    await pool.query('select 1');
    proxy.silence();
    const began = Date.now();
    await expect(pool.query('select 2')).rejects.toThrow('Query read timeout');
    expect(Date.now() - began).toBeLessThan(PATIENCE_MS * 3);
    proxy.mend();
    expect((await pool.query('select 3 as n')).rows).toEqual([{ n: 3 }]);
  });

  it('is not suspected while it works for less than that, nor while nobody waits', async () => {
    const client = await pool.connect();
    await client.query(`select pg_sleep(${PATIENCE_MS / 2000})`);
    await client.query(`select pg_sleep(${PATIENCE_MS / 2000})`);
    await new Promise((done) => setTimeout(done, PATIENCE_MS * 2));
    expect((await client.query('select 4 as n')).rows).toEqual([{ n: 4 }]);
    client.release();
  });
});
