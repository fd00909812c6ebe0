import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { platformMigrations } from '../../migrations/index.js';
import { createTestDatabase } from '../testing/databases.js';
import { SOON } from './soon.js';

let client: pg.Client;
beforeAll(async () => {
  const { appUrl } = await createTestDatabase(platformMigrations);
  client = new pg.Client(appUrl);
  await client.connect();
});
afterAll(() => client?.end());

it('A statement whose commit does not wait for the disk leaves no haste to the next one on its connection', async () => {
  await client.query('set synchronous_commit = on');
  const waits = async (text: string): Promise<string> =>
    (await client.query<{ waits: string }>({ name: text.slice(0, 20), text, values: ['synchronous_commit'] })).rows[0]!
      .waits;
  expect(await waits(`${SOON} select current_setting($1) as waits from soon`)).toBe('off');
  expect(await waits('select current_setting($1) as waits')).toBe('on');
  await client.query('begin');
  expect(await waits('select current_setting($1) as waits')).toBe('on');
  await client.query('commit');
});
