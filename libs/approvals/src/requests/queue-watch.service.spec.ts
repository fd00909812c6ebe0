import { ensureTenant } from '@app/auth/testing';
import { Metrics } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalsContexts } from '../testing.js';
import { QueueWatch } from './queue-watch.js';

describe('The watch over the approval queue', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: approvalsContexts, app: 'worker' });
    await ensureTenant(slice);
  });
  beforeEach(() => slice.empty('approval_requests', 'tenant_holds'));
  afterAll(() => slice?.close());

  const replica = (sql: string): Promise<unknown> =>
    slice.superuser.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
  const aRequestOf = (minutes: number, { status = 'pending', tenantId = TENANT } = {}) =>
    replica(`insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, requested_by,
        excluded, status, created_at)
      select '${tenantId}', gen_random_uuid(), 'documents.document', gen_random_uuid(), 1, 'hash', 'Title', who, array[who],
        '${status}', now() - interval '${minutes} minutes' from gen_random_uuid() who`);
  const minutes = async (): Promise<number> => {
    await slice.get(QueueWatch).look();
    const gauge = slice.get(Metrics).registry.getSingleMetric('approvals_oldest_pending_seconds')!;
    return Math.round((await gauge.get()).values[0]!.value / 60);
  };

  it('measures the oldest that is pending, of all tenants', async () => {
    expect(await minutes()).toBe(0);
    await aRequestOf(10);
    await aRequestOf(25, { tenantId: OTHER_TENANT });
    await aRequestOf(90, { status: 'recalled' });
    expect(await minutes()).toBe(25);
  });

  it('leaves out a tenant that is held: nobody there can decide', async () => {
    await replica(`insert into tenant_holds (tenant_id) values ('${OTHER_TENANT}')`);
    await aRequestOf(10);
    await aRequestOf(25, { tenantId: OTHER_TENANT });
    expect(await minutes()).toBe(10);
  });

  it('is served by its index, in its order', async () => {
    const { rows } = await slice.superuser.query(`select prosrc from pg_proc where proname = 'approval_stats'`);
    await slice.superuser.query('set enable_seqscan = off; set enable_bitmapscan = off');
    const plan = await slice.superuser.query(`explain ${rows[0].prosrc}`);
    await slice.superuser.query('reset enable_seqscan; reset enable_bitmapscan');
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('using approval_requests_by_wait');
    expect(text).not.toContain('Sort');
  });
});
