import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

describe('the stack of a test run', () => {
  it('hands every test file a superuser on PostgreSQL', async () => {
    const client = new Client({ connectionString: process.env.NEXUS_TEST_POSTGRES });
    await client.connect();
    const { rows } = await client.query('SELECT rolsuper AS super FROM pg_roles WHERE rolname = current_user');
    await client.end();
    expect(rows).toEqual([{ super: true }]);
  });

  it('hands every test file a Redis', async () => {
    const client = new Redis(process.env.NEXUS_TEST_REDIS ?? 'redis://nowhere.invalid', { retryStrategy: () => null });
    const answer = await client.ping();
    client.disconnect();
    expect(answer).toBe('PONG');
  });
});
