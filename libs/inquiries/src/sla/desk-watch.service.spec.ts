import { ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Metrics } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inquiriesContexts } from '../testing.js';
import { DeskWatch } from './desk-watch.js';

type Clock = { warned?: boolean; breached?: boolean; running?: boolean; stopped?: boolean; tenantId?: string };

describe('The watch over the desk', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, app: 'worker' });
    await ensureTenant(slice);
  });
  beforeEach(() => slice.empty('inquiries', 'inquiry_clocks', 'tenant_holds', 'outbox'));
  afterAll(() => slice?.close());

  const replica = (sql: string): Promise<unknown> =>
    slice.superuser.query(`begin; set local session_replication_role = replica; ${sql}; commit`);
  const anInquiryOf = (over: { minutes: number; columns?: Record<string, string>; tenantId?: string }) => {
    const { minutes, columns = {}, tenantId = TENANT } = over;
    const given = { status: `'new'`, assigned_to: 'null', deleted_at: 'null', awaits_answer_since: 'null', ...columns };
    return replica(`insert into inquiries (tenant_id, id, number, customer_id, subject, message, priority, channel, created_by,
        message_count, customer_message_count, last_customer_message_at, created_at, ${Object.keys(given).join(', ')})
      values ('${tenantId}', gen_random_uuid(), (random() * 1e9)::int, gen_random_uuid(), 'Late', 'Where?', 'normal', 'email',
        gen_random_uuid(), 1, 1, now(), now() - interval '${minutes} minutes', ${Object.values(given).join(', ')})`);
  };
  const aClockOf = ({ warned = true, breached = false, running = true, stopped = false, tenantId = TENANT }: Clock) => {
    const at = (is: boolean): string => (is ? 'now()' : 'null');
    const state = breached ? 'breached' : stopped ? 'met' : running ? 'running' : 'paused';
    return replica(`insert into inquiry_clocks (tenant_id, id, inquiry_id, kind, state, target, warn_fraction, used_seconds,
        running_since, paused_since, paused_seconds, due_at, warned_at, breached_at, started_at, stopped_at)
      values ('${tenantId}', gen_random_uuid(), gen_random_uuid(), 'resolution', '${state}', 3600, 0.8, 0, ${at(running && !stopped)},
        ${at(!running && !stopped)}, 0, now(), ${at(warned)}, ${at(breached)}, now(), ${at(stopped)})`);
  };
  const measured = async (name: string): Promise<number> => {
    await slice.get(DeskWatch).look();
    const { values } = await slice.get(Metrics).registry.getSingleMetric(name)!.get();
    return values[0]!.value;
  };
  const waits = async (): Promise<number> => Math.round((await measured('inquiries_unassigned_oldest_seconds')) / 60);

  it('measures the oldest that is nobody’s, of all tenants', async () => {
    expect(await waits()).toBe(0);
    await anInquiryOf({ minutes: 20 });
    await anInquiryOf({ minutes: 30, tenantId: OTHER_TENANT });
    await anInquiryOf({ minutes: 90, columns: { assigned_to: `'${newId()}'` } });
    await anInquiryOf({ minutes: 90, columns: { deleted_at: 'now()' } });
    await anInquiryOf({ minutes: 90, columns: { status: `'resolved'` } });
    expect(await waits()).toBe(30);
  });

  it('counts from when the customer began to wait, where one wrote again', async () => {
    await anInquiryOf({ minutes: 9000, columns: { awaits_answer_since: `now() - interval '5 minutes'` } });
    expect(await waits()).toBe(5);
  });

  it('counts broken promises that still run, and those that run out next', async () => {
    await aClockOf({ breached: true });
    await aClockOf({ breached: true, running: false });
    await aClockOf({ breached: true, stopped: true });
    await aClockOf({});
    await aClockOf({ running: false });
    await aClockOf({ warned: false });
    await aClockOf({ stopped: true });
    expect(await measured('inquiries_sla_breached')).toBe(1);
    expect(await measured('inquiries_sla_nearly_breached')).toBe(1);
  });

  it('leaves out a tenant that is held: nobody can do anything about it', async () => {
    await replica(`insert into tenant_holds (tenant_id) values ('${OTHER_TENANT}')`);
    await anInquiryOf({ minutes: 30, tenantId: OTHER_TENANT });
    await aClockOf({ breached: true, tenantId: OTHER_TENANT });
    expect(await waits()).toBe(0);
    expect(await measured('inquiries_sla_breached')).toBe(0);
  });

  it('is served by its indexes, in their order, however many promises are open', async () => {
    await replica(`insert into inquiry_clocks (tenant_id, id, inquiry_id, kind, state, target, warn_fraction, used_seconds,
        running_since, paused_seconds, due_at, started_at)
      select '${TENANT}', gen_random_uuid(), gen_random_uuid(), 'resolution', 'running', 3600, 0.8, 0, now(), 0, now(), now()
        from generate_series(1, 2000)`);
    await slice.superuser.query('analyze inquiry_clocks');
    const { rows } = await slice.superuser.query(`select prosrc from pg_proc where proname = 'desk_stats'`);
    await slice.superuser.query('set enable_seqscan = off; set enable_bitmapscan = off');
    const plan = await slice.superuser.query(`explain ${rows[0].prosrc}`);
    await slice.superuser.query('reset enable_seqscan; reset enable_bitmapscan');
    const text = plan.rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toContain('using inquiries_nobodys');
    expect(text).toContain('using inquiry_clocks_warned');
    expect(text).not.toContain('Seq Scan');
    expect(text).not.toContain('Sort');
  });
});
