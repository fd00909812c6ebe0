import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Metrics } from '@app/platform';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { auditContext } from '../index.js';
import { sealAll } from '../testing.js';
import { SealingWatch } from './sealing-watch.js';

const GAUGE = 'nexus_audit_unsealed_seconds';

describe('The watch over sealing', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
  });
  afterAll(() => slice?.close());
  afterEach(() => vi.restoreAllMocks());

  const record = (): Promise<void> =>
    slice.as(anActor([], { tenantId: newId() }), () => slice.db.audit('customers', 'kept', 'exported'));
  const measured = async (): Promise<number> =>
    (await slice.get(Metrics).registry.getSingleMetric(GAUGE)!.get()).values[0]!.value;

  /** Somebody of the server's whose transaction has written and does not end. */
  async function withOpenTransaction(work: (pid: number) => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: slice.database.superuserUrl, application_name: 'nightly-report' });
    await client.connect();
    try {
      const { rows } = await client.query('begin; select pg_current_xact_id(), pg_backend_pid() as pid').then((all) => {
        const results = all as unknown as { rows: { pid: number }[] }[];
        return results[1]!;
      });
      await work(rows[0]!.pid);
    } finally {
      await client.end();
    }
  }

  it('names the backend that holds it back, and nothing of what that asks', async () => {
    const warned = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await withOpenTransaction(async (pid) => {
      await record();
      const held = await slice.get(SealingWatch).look(0);
      expect(held).toMatchObject({ pid, application: 'nightly-report', state: 'idle in transaction' });
      expect(held!.ageSeconds).toBeGreaterThan(0);
      expect(held!.unsealedSeconds).toBeGreaterThan(0);
      expect(warned.mock.calls[0]![0]).toEqual(held);
      expect(JSON.stringify(warned.mock.calls)).not.toContain('pg_current_xact_id');
      expect(await measured()).toBe(held!.unsealedSeconds);
    });
  });

  it('keeps quiet for a minute, and measures all the while', async () => {
    await withOpenTransaction(async () => {
      await record();
      expect(await slice.get(SealingWatch).look()).toBeUndefined();
      expect(await measured()).toBeGreaterThan(0);
    });
  });

  it('measures nothing once everything is sealed', async () => {
    await record();
    await sealAll(slice);
    expect(await slice.get(SealingWatch).look(0)).toBeUndefined();
    expect(await measured()).toBe(0);
  });
});
