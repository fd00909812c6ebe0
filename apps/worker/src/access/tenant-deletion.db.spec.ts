import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuthFacade } from '@app/auth';
import { newId, systemActor } from '@app/kernel';
import { FileStore } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { fillEveryTable, tablesOfTenants } from './testing/every-table.js';
import { build, World } from './testing/world.js';

describe('A tenant that is closed', () => {
  let slice: Slice;
  let worker: Slice | undefined;
  let tables: string[];
  const [ours, theirs] = [new World('nearby'), new World('faraway')];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    await build(slice, [ours, theirs]);
    tables = await tablesOfTenants(slice);
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client(slice.database.superuserUrl);
    await client.connect();
    return client;
  }
  const statusOf = async (world: World): Promise<string | undefined> =>
    (await slice.superuser.query<{ status: string }>('select status from tenants where id = $1', [world.id])).rows[0]
      ?.status;

  async function rowsOf(world: World): Promise<Record<string, number>> {
    const counts = tables.map(
      (table) => `select '${table}' as name, count(*)::int as count from ${table} where tenant_id = $1`,
    );
    const { rows } = await slice.superuser.query<{ name: string; count: number }>(counts.join(' union all '), [
      world.id,
    ]);
    return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]));
  }

  it('is deleted by nothing before its time, whoever asks', async () => {
    await slice.get(AuthFacade).closeTenant(theirs.id, 1);
    const erase = (table: string, at: string): Promise<unknown> =>
      slice.superuser.query(`select tenant_erase($1, $2, null, now() + interval '${at}')`, [theirs.id, table]);
    await expect(erase('customers', '23 hours')).rejects.toMatchObject({ code: 'NX003' });
    await slice.get(AuthFacade).keepTenant(theirs.id);
    await expect(erase('customers', '25 hours')).rejects.toMatchObject({ code: 'NX003' });
    expect(await statusOf(theirs)).toBe('suspended');
    await expect(slice.get(AuthFacade).keepTenant(theirs.id)).rejects.toMatchObject({ code: 'invalid_transition' });
  });

  it('leaves nothing of a trail that is being sealed just then', async () => {
    const id = newId();
    const actor = systemActor(id, 'tests.sealing');
    const [sealer, eraser] = await Promise.all([connect(), connect()]);
    await eraser.query(`set app.actor_id = '${actor.id}'; set app.actor_name = 'tests'`);
    await eraser.query(
      `insert into tenants (tenant_id, id, slug, title, status, delete_at) values ($1, $1, 'midway', 'Midway', 'closing', now())`,
      [id],
    );
    const seal = async (): Promise<number | undefined> =>
      (await sealer.query<{ count: number }>('select audit_seal($1, 100) as count', [id])).rows[0]?.count;
    await sealer.query('begin');
    await expect.poll(seal, { timeout: 20_000 }).toBe(1);
    const erased = eraser.query('select tenant_erase_last($1, now())', [id]);
    const waiting = `select count(*)::int as count from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`;
    await expect.poll(async () => (await sealer.query(waiting)).rows, { timeout: 20_000 }).toEqual([{ count: 1 }]);
    await sealer.query('commit');
    await erased;
    expect(await seal()).toBe(0);
    for (const table of ['tenants', 'audit_log', 'audit_heads', 'audit_seals'])
      expect([table, (await eraser.query(`select from ${table} where tenant_id = $1`, [id])).rowCount]).toEqual([
        table,
        0,
      ]);
    await Promise.all([sealer.end(), eraser.end()]);
  });

  it('is gone when its time is over: a row of every table, every file; what stays is a signed word of its trail', async () => {
    const us = systemActor(ours.id, 'tests.files');
    const { hash } = await slice.as(us, () => slice.get(FileStore).put(Buffer.from('a photograph')));
    await slice.as(us, () => slice.db.audit('customers', '1', 'exported'));
    await slice.get(AuthFacade).closeTenant(ours.id, 0);
    await fillEveryTable(slice, ours.id);
    expect(Object.keys(await rowsOf(ours))).toEqual(tables);
    const before = await rowsOf(theirs);
    const beside = { database: slice.database, config: slice.config };
    worker = await bootSlice({ contexts: [...contexts], app: 'worker', beside });
    await expect.poll(() => statusOf(ours), { timeout: 20_000 }).toBeUndefined();
    expect(await rowsOf(ours)).toEqual({});
    await expect(slice.as(us, () => slice.get(FileStore).read(hash))).rejects.toMatchObject({ code: 'file_missing' });
    const kept = join(slice.config.STORAGE_DIR, 'audit-checkpoints');
    await expect(access(join(kept, `${ours.id}.ndjson`))).rejects.toThrow();
    const receipt = JSON.parse(await readFile(join(kept, 'deleted', `${ours.id}.ndjson`), 'utf8')) as object;
    expect(receipt).toMatchObject({
      tenantId: ours.id,
      seq: expect.any(Number) as number,
      signature: expect.any(String) as string,
    });
    const after = await rowsOf(theirs);
    const moving = ['audit_checkpoints', 'audit_heads', 'audit_log', 'audit_seals', 'deliveries', 'outbox'];
    for (const table of tables.filter((name) => !moving.includes(name)))
      expect({ table, count: after[table] }).toEqual({ table, count: before[table] });
  });
});
