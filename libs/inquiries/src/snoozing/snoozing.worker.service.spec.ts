import { ensureTenant } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { daysAfter } from '../inquiries/inquiry.policy.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const NOW = new Date('2031-03-03T09:00:00Z'); // no timer comes due while a test runs
const [TOMORROW, LATER] = [daysAfter(NOW, 1), daysAfter(NOW, 2)];
const ada = anActor(['inquiries:read_all', 'inquiries:update_all', 'customers:read_all']);

describe('The timer of a snoozed inquiry', () => {
  let slice: Slice;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock: new FixedClock(NOW) });
    await ensureTenant(slice);
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
  });
  beforeEach(() => slice.empty('inquiries', 'outbox'));
  afterAll(() => slice.close());

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const statuses = () => slice.get(InquiryStatusService);
  const snoozed = async (until: Date): Promise<string> => {
    const { id } = await as(async () =>
      slice
        .get(InquiriesService)
        .record({ customerId: await aKnownCustomer(slice), subject: 'Late', message: 'Where?' }),
    );
    await as(() => statuses().snooze(id, until));
    return id;
  };
  const timersOf = (due: Date): Promise<unknown> =>
    slice.superuser.query(
      `update outbox set run_at = now() where type = 'inquiries.wake-snoozed' and payload->>'due' = $1`,
      [due.toISOString()],
    );
  const standing = async (id: string) =>
    (await slice.superuser.query('select status, snoozed_until, reopen_count from inquiries where id = $1', [id]))
      .rows[0] as object;
  const told = async () =>
    (await slice.superuser.query(`select payload from outbox where type = 'inquiries.woken'`)).rows;

  it('opens it, once', async () => {
    const id = await snoozed(TOMORROW);
    await timersOf(TOMORROW);
    await slice.settled();
    expect(await standing(id)).toEqual({ status: 'open', snoozed_until: null, reopen_count: 0 });
    expect(await told()).toEqual([{ payload: { inquiryId: id, by: 'time' } }]);
    await Promise.all([1, 2, 3].map(() => as(() => statuses().wakeWhenDue(id, TOMORROW))));
    expect(await told()).toHaveLength(1);
  });

  it('does nothing once the time was moved', async () => {
    const id = await snoozed(TOMORROW);
    await as(() => statuses().snooze(id, LATER));
    await timersOf(TOMORROW);
    await slice.settled();
    expect(await standing(id)).toEqual({ status: 'on_hold', snoozed_until: LATER, reopen_count: 0 });
    await timersOf(LATER);
    await slice.settled();
    expect(await standing(id)).toMatchObject({ status: 'open', snoozed_until: null });
  });

  it('does nothing once the customer has written: that opened it', async () => {
    const id = await snoozed(TOMORROW);
    await as(() => slice.get(ConversationService).receive(id, { body: 'Hello?', at: NOW }));
    expect(await standing(id)).toEqual({ status: 'open', snoozed_until: null, reopen_count: 1 });
    await as(() => statuses().hold(id, 'Carrier'));
    await timersOf(TOMORROW);
    await slice.settled();
    expect(await standing(id)).toMatchObject({ status: 'on_hold' });
    expect(await told()).toEqual([]);
  });

  it('comes late to what was in spam meanwhile', async () => {
    const id = await snoozed(TOMORROW);
    await as(() => statuses().markSpam(id));
    await timersOf(TOMORROW);
    await slice.settled();
    expect(await standing(id)).toEqual({ status: 'spam', snoozed_until: TOMORROW, reopen_count: 0 });
    await as(() => statuses().restoreFromSpam(id));
    await timersOf(TOMORROW);
    await slice.settled();
    expect(await standing(id)).toMatchObject({ status: 'open', snoozed_until: null });
  });
});
