import { AuthFacade } from '@app/auth';
import { ensureTenant, signIn } from '@app/auth/testing';
import { CalendarChanged } from '@app/calendars/events';
import { CustomersFacade } from '@app/customers';
import { FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { UserDeactivated } from '@app/auth/events';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { SlaPoliciesService } from './sla-policies.service.js';
import { toDocument } from './sla-policies.dto.js';

const HOUR = 3600;
const MONDAY = new Date('2031-03-03T09:00:00Z'); // no timer comes due while a test runs
const ada = anActor(['inquiries:read_all', 'customers:read_all']);

describe('The worker of inquiries', () => {
  let slice: Slice;
  const clock = new FixedClock(MONDAY);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
  });
  beforeEach(() => slice.empty('inquiries', 'sla_policies', 'outbox'));
  afterAll(() => slice.close());

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const ask = () =>
    as(async () =>
      slice
        .get(InquiriesService)
        .record({ customerId: await aKnownCustomer(slice), subject: 'Late', message: 'Where?' }),
    );
  const promise = (over: object) =>
    as(() => slice.get(SlaPoliciesService).create(toDocument({ name: newId(), ...over })));
  const dueNow = async (): Promise<void> => {
    await slice.superuser.query(
      `update outbox set run_at = now() where type = 'inquiries.check-clock' and published_at is null`,
    );
    await slice.settled();
  };
  const told = async (): Promise<string[]> =>
    (
      await slice.superuser.query<{ type: string }>(
        `select type from outbox where type like 'inquiries.sla-%' order by at`,
      )
    ).rows.map(({ type }) => type);
  const dueAt = async (id: string): Promise<Date> =>
    (await slice.superuser.query(`select due_at from inquiries where id = $1`, [id])).rows[0].due_at as Date;

  it('warns of a promise, then tells that it was broken, by a timer each', async () => {
    await promise({ firstResponseSeconds: HOUR });
    const { id } = await ask();
    await dueNow();
    expect(await told()).toEqual(['inquiries.sla-warned']);
    await dueNow();
    await dueNow();
    expect(await told()).toEqual(['inquiries.sla-warned', 'inquiries.sla-breached']);
    const { rows } = await slice.superuser.query(
      'select state, warned_at, breached_at from inquiry_clocks where inquiry_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { state: 'breached', warned_at: new Date('2031-03-03T09:48:00Z'), breached_at: new Date('2031-03-03T10:00:00Z') },
    ]);
  });

  it('computes deadlines anew when a policy, a calendar or the customer’s level changes', async () => {
    const policy = await promise({ resolutionSeconds: HOUR, position: 5 });
    const { id, customerId } = await ask();
    await slice.settled();
    await as(() => slice.get(SlaPoliciesService).edit(policy.id, { resolutionSeconds: 2 * HOUR }));
    await slice.settled();
    expect(await dueAt(id)).toEqual(new Date('2031-03-03T11:00:00Z'));
    await promise({ resolutionSeconds: 3 * HOUR, position: 1, levels: ['gold'] });
    await as(() => slice.get(CustomersFacade).setLevel(customerId, 'gold'));
    await slice.settled();
    expect(await dueAt(id)).toEqual(new Date('2031-03-03T12:00:00Z'));
    await slice.superuser.query(
      `insert into business_calendars (tenant_id, id, name, zone, week, holidays, is_default)
       values ($1, $2, 'Default', 'UTC', '{"1":[{"opens":"09:00","closes":"17:00"}],"2":[{"opens":"09:00","closes":"17:00"}]}', '[{"date":"2031-03-03"}]', true)`,
      [ada.tenantId, newId()],
    );
    await as(() => slice.db.publish(CalendarChanged({ calendarId: newId() })));
    await slice.settled();
    expect(await dueAt(id)).toEqual(new Date('2031-03-04T12:00:00Z'));
  });

  it('gives a new tenant its default promises', async () => {
    const tenant = await slice.as(ada, () =>
      slice.get(AuthFacade).createTenant({ slug: `t${newId().slice(-8)}`, title: 'New', zone: 'UTC' }),
    );
    await slice.settled();
    const { rows } = await slice.superuser.query('select is_default from sla_policies where tenant_id = $1', [
      tenant.id,
    ]);
    expect(rows).toEqual([{ is_default: true }]);
  });

  it('gives the unfinished work of somebody who left back', async () => {
    const leaver = await signIn(slice);
    const made = [await ask(), await ask(), await ask()];
    await slice.superuser.query(`update inquiries set assigned_to = $1, status = 'open'`, [leaver.userId]);
    await slice.superuser.query(`update inquiries set status = 'closed' where id = $1`, [made[0]!.id]);
    await as(() => slice.db.publish(UserDeactivated({ userId: leaver.userId })));
    await slice.settled();
    const { rows } = await slice.superuser.query<{ assigned_to: string | null }>(
      'select assigned_to from inquiries order by number',
    );
    expect(rows.map(({ assigned_to }) => assigned_to)).toEqual([leaver.userId, null, null]);
  });
});
