import { newId } from '@app/kernel';
import { platformMigrations, Migrator } from '@app/platform';
import {
  anActor,
  bootSlice,
  createTestDatabase,
  OTHER_TENANT,
  type Slice,
  TENANT,
  TokenDoorModule,
} from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagingContext, Messaging } from './index.js';
import { aMail } from './testing.js';
import { messagingMigrations } from '../migrations/index.js';

const ada = anActor();
const bob = anActor([], { tenantId: OTHER_TENANT });

describe('The tables of messaging', () => {
  let slice: Slice;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [messagingContext], app: 'api', modules: [TokenDoorModule] });
  });
  afterAll(() => slice?.close());

  const write = (sql: string, values: unknown[]) =>
    slice.as(ada, () => slice.db.transaction(() => slice.db.query(sql, values)));

  it('show a tenant its own rows alone', async () => {
    await slice.as(ada, () => slice.get(Messaging).send(aMail()));
    await slice.as(ada, () => slice.get(Messaging).suppress({ address: 'asha@example.com', reason: 'manual' }));
    for (const table of ['messages', 'suppressions']) {
      const count = `select count(*)::int as count from ${table}`;
      expect(await slice.as(ada, () => slice.db.one(count)), table).toEqual({ count: 1 });
      expect(await slice.as(bob, () => slice.db.one(count)), table).toEqual({ count: 0 });
    }
  });

  it('take no row of another tenant', async () => {
    const insert =
      "insert into suppressions (tenant_id, id, address, reason) values ($1, $2, 'a@example.com', 'manual')";
    await expect(write(insert, [OTHER_TENANT, newId()])).rejects.toThrow('row-level security');
    await expect(write(insert, [TENANT, newId()])).resolves.toEqual([]);
  });

  it('hold no attempt without the end of its lease, and no sent message without its time', async () => {
    const { id } = await slice.as(ada, () => slice.get(Messaging).send(aMail()));
    await expect(write("update messages set state = 'sending' where id = $1", [id])).rejects.toMatchObject({
      constraint: 'messages_lease_is_whole',
    });
    await expect(write("update messages set state = 'sent' where id = $1", [id])).rejects.toMatchObject({
      constraint: 'messages_sent_has_time',
    });
    await expect(write("update messages set state = 'lost' where id = $1", [id])).rejects.toMatchObject({
      constraint: 'messages_state_is_known',
    });
  });

  it('are audited without what a message says', async () => {
    const { id } = await slice.as(ada, () => slice.get(Messaging).send(aMail({ text: 'between us' })));
    const { rows } = await slice.superuser.query('select action, actor_id, after from audit_log where entity_id = $1', [
      id,
    ]);
    expect(rows).toMatchObject([{ action: 'created', actor_id: ada.id, after: { state: 'queued' } }]);
    expect(rows[0].after).not.toHaveProperty('text');
  });

  it('go as they came', async () => {
    const database = await createTestDatabase([...platformMigrations, ...messagingMigrations]);
    const client = new pg.Client(database.superuserUrl);
    try {
      await client.connect();
      const migrator = new Migrator(database.ownerUrl, [...platformMigrations, ...messagingMigrations]);
      await migrator.rollback(platformMigrations.length - 1 + messagingMigrations.length);
      const { rows } = await client.query(
        "select to_regclass('messages') as messages, to_regclass('suppressions') as suppressions, to_regclass('outbox') as outbox",
      );
      expect(rows).toEqual([{ messages: null, suppressions: null, outbox: 'outbox' }]);
    } finally {
      await client.end();
    }
  });
});
