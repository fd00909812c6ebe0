import { CalendarsFacade } from '@app/calendars';
import { daily, local } from '@app/calendars/testing';
import { FixedClock, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { ensureTenant } from '@app/auth/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { InquiriesFacade } from '../inquiries.facade.js';
import { InquiriesService, type Recorded } from '../inquiries/inquiries.service.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { AssignmentService } from '../inquiries/assignment.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { InquiryClocks } from './inquiry-clocks.service.js';
import { type ClockKind } from './sla.policy.js';
import { toDocument } from './sla-policies.dto.js';
import { SlaPoliciesService } from './sla-policies.service.js';
import { type SlaPolicy } from './sla-policy.entity.js';

const HOUR = 3600;
const WEEK = daily('09:00-17:00', 1, 2, 3, 4, 5);
const ada = anActor(['inquiries:read_all', 'inquiries:update_all', 'inquiries:assign_all', 'customers:read_all']);

type Row = {
  id: string;
  kind: ClockKind;
  state: string;
  due_at: Date | null;
  warn_at: Date | null;
  used_seconds: number;
  paused_seconds: number;
};

describe('The promises on an inquiry', () => {
  let slice: Slice;
  let customerId: string;
  const clock = new FixedClock();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts, clock });
    await ensureTenant(slice);
  });
  beforeEach(async () => {
    await slice.superuser.query(`set session app.actor_id = '${ada.id}'`);
    await slice.empty('inquiries', 'sla_policies', 'business_calendars', 'team_calendars', 'outbox');
    customerId = await as(() => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);
  const at = async <T>(wall: string, work: () => Promise<T>): Promise<T> => {
    clock.set(local(wall));
    return as(work);
  };

  /** A calendar in the database; its id. */
  const hours = async (week: object = WEEK, holidays: object[] = [], teamId?: string): Promise<string> => {
    const id = newId();
    await slice.superuser.query(
      `insert into business_calendars (tenant_id, id, name, zone, week, holidays, is_default) values ($1, $2, $3, 'Europe/Berlin', $4, $5, false)`,
      [TENANT, id, id, JSON.stringify(week), JSON.stringify(holidays)],
    );
    if (teamId) {
      await slice.superuser.query(`insert into teams (tenant_id, id, name) values ($1, $2, $3)`, [
        TENANT,
        teamId,
        teamId,
      ]);
      await slice.superuser.query('insert into team_calendars (tenant_id, team_id, calendar_id) values ($1, $2, $3)', [
        TENANT,
        teamId,
        id,
      ]);
    }
    return id;
  };

  const promise = (over: Partial<Parameters<typeof toDocument>[0]>): Promise<SlaPolicy> =>
    as(() => slice.get(SlaPoliciesService).create(toDocument({ name: newId(), ...over })));
  const ask = (over: Partial<Recorded> = {}) =>
    slice.get(InquiriesService).record({ customerId, subject: 'Late', message: 'Still waiting', ...over });
  const status = () => slice.get(InquiryStatusService);
  const rows = async (inquiryId: string): Promise<Record<ClockKind, Row>> => {
    const { rows: found } = await slice.superuser.query<Row>(
      'select * from inquiry_clocks where inquiry_id = $1 order by started_at',
      [inquiryId],
    );
    return Object.fromEntries(found.map((row) => [row.kind, row])) as Record<ClockKind, Row>;
  };
  const told = async (): Promise<string[]> => {
    const { rows: found } = await slice.superuser.query<{ type: string; clock: string }>(
      `select type, payload->>'clock' as clock from outbox where type like 'inquiries.sla-%' order by 1, 2`,
    );
    return found.map(({ type, clock: kind }) => `${type.slice('inquiries.sla-'.length)} ${kind}`);
  };
  const receive = (id: string) => slice.get(ConversationService).receive(id, { body: 'And now?', at: clock.now() });
  const answer = (inquiryId: string) =>
    slice.get(InquiriesFacade).answered(inquiryId, {
      ...{
        responseId: newId(),
        messageId: `<${newId()}@nexus.example>`,
        subject: 'Re: Late',
        body: 'Tomorrow.',
        authorId: ada.id,
      },
      at: clock.now(),
    });

  const vectors: [string, { created: string; seconds: number; due: string; week?: object; holidays?: object[] }][] = [
    ['run over the weekend', { created: '2026-11-06T16:30', seconds: HOUR, due: '2026-11-09T09:30' }],
    ['start on Monday when asked on Saturday', { created: '2026-11-07T11:00', seconds: HOUR, due: '2026-11-09T10:00' }],
    [
      'pause for lunch',
      {
        created: '2026-11-04T11:45',
        seconds: 1800,
        due: '2026-11-04T13:45',
        week: daily('09:00-12:00 13:30-17:00', 1, 2, 3, 4, 5),
      },
    ],
    [
      'skip a holiday',
      { created: '2026-11-06T16:30', seconds: HOUR, due: '2026-11-10T09:30', holidays: [{ date: '2026-11-09' }] },
    ],
  ];
  it.each(vectors)('%s', async (_, { created, seconds, due, week, holidays }) => {
    await promise({ firstResponseSeconds: seconds, calendarId: await hours(week, holidays) });
    const inquiry = await at(created, ask);
    expect(inquiry.dueAt).toEqual(local(due));
    expect((await rows(inquiry.id)).first_response.due_at).toEqual(local(due));
  });

  it('are due two business hours later after two business hours of waiting for the customer', async () => {
    await promise({ resolutionSeconds: 16 * HOUR, calendarId: await hours() });
    const { id, dueAt } = await at('2026-11-05T10:00', ask);
    expect(dueAt).toEqual(local('2026-11-09T10:00'));
    expect((await at('2026-11-05T16:00', () => status().moveTo(id, 'pending_customer'))).dueAt).toBeNull();
    expect((await at('2026-11-06T10:00', () => status().reopen(id))).dueAt).toEqual(local('2026-11-09T12:00'));
    expect((await rows(id)).resolution).toMatchObject({ state: 'running', paused_seconds: 2 * HOUR });
  });

  it('run on while it is on hold when their policy says so', async () => {
    await promise({ resolutionSeconds: HOUR, pausesIn: ['pending_customer'], calendarId: await hours() });
    const { id, dueAt } = await at('2026-11-05T10:00', ask);
    expect((await at('2026-11-05T10:30', () => status().hold(id, 'carrier'))).dueAt).toEqual(dueAt);
  });

  it('of a raised priority are what the new target leaves over', async () => {
    const calendarId = await hours();
    await promise({ position: 1, priorities: ['urgent'], resolutionSeconds: 6 * HOUR, calendarId });
    await promise({ position: 2, resolutionSeconds: 8 * HOUR, calendarId });
    const { id, dueAt } = await at('2026-11-05T09:00', ask);
    expect(dueAt).toEqual(local('2026-11-05T17:00'));
    const raised = await at('2026-11-05T13:00', () => slice.get(InquiriesService).edit(id, { priority: 'urgent' }));
    expect(raised.dueAt).toEqual(local('2026-11-05T15:00'));
    expect(await told()).toEqual([]);
  });

  it('of a raised priority that leaves nothing over are broken at once, not in the past', async () => {
    const calendarId = await hours();
    await promise({ position: 1, priorities: ['urgent'], resolutionSeconds: 2 * HOUR, calendarId });
    await promise({ position: 2, resolutionSeconds: 8 * HOUR, calendarId });
    const { id } = await at('2026-11-05T09:00', ask);
    const raised = await at('2026-11-05T13:00', () => slice.get(InquiriesService).edit(id, { priority: 'urgent' }));
    expect(raised.dueAt).toEqual(local('2026-11-05T13:00'));
    expect(await told()).toEqual(['breached resolution', 'warned resolution']);
  });

  it('of an answer are kept by the answer; each further message has one of its own', async () => {
    await promise({
      firstResponseSeconds: HOUR,
      nextResponseSeconds: 2 * HOUR,
      resolutionSeconds: 40 * HOUR,
      calendarId: await hours(),
    });
    const { id } = await at('2026-11-05T09:00', ask);
    await at('2026-11-05T09:30', () => answer(id));
    let clocks = await rows(id);
    expect([clocks.first_response.state, clocks.resolution.state, clocks.next_response]).toEqual([
      'met',
      'paused',
      undefined,
    ]);
    await at('2026-11-05T11:30', () => receive(id));
    clocks = await rows(id);
    expect(clocks.next_response).toMatchObject({ state: 'running', due_at: local('2026-11-05T13:30') });
    expect(clocks.resolution).toMatchObject({ state: 'running', paused_seconds: 2 * HOUR, used_seconds: HOUR / 2 });
    await at('2026-11-05T12:00', () => answer(id));
    await at('2026-11-05T14:00', () => receive(id));
    expect((await rows(id)).next_response).toMatchObject({ state: 'running', due_at: local('2026-11-05T16:00') });
    const { rows: waits } = await slice.superuser.query(
      `select state from inquiry_clocks where kind = 'next_response' order by started_at`,
    );
    expect(waits.map(({ state }) => state as string)).toEqual(['met', 'running']);
  });

  it('of a resolution go on where they stood when it is re-opened', async () => {
    await promise({ resolutionSeconds: 8 * HOUR, calendarId: await hours() });
    const { id } = await at('2026-11-05T09:00', ask);
    await at('2026-11-05T09:00', () => status().moveTo(id, 'open'));
    expect((await at('2026-11-05T14:00', () => status().resolve(id))).dueAt).toBeNull();
    expect((await rows(id)).resolution).toMatchObject({ state: 'met', used_seconds: 5 * HOUR });
    await at('2026-11-06T09:00', () => receive(id));
    expect((await rows(id)).resolution).toMatchObject({ state: 'running', due_at: local('2026-11-06T12:00') });
  });

  it('are told to be nearly and really broken once each, by however many workers look', async () => {
    await promise({ firstResponseSeconds: HOUR, calendarId: await hours() });
    const { id } = await at('2026-11-05T09:00', ask);
    const { first_response: promised } = await rows(id);
    expect(promised.warn_at).toEqual(local('2026-11-05T09:48'));
    const look = (wall: string) =>
      Promise.all(Array.from({ length: 8 }, () => as(() => slice.get(InquiryClocks).check(promised.id, local(wall)))));
    await look('2026-11-05T09:47');
    expect(await told()).toEqual([]);
    await look('2026-11-05T09:48');
    expect(await told()).toEqual(['warned first_response']);
    await look('2026-11-05T10:00');
    await look('2026-11-05T18:00');
    expect(await told()).toEqual(['breached first_response', 'warned first_response']);
  });

  it('are looked at when they are to be warned of, then when they are due', async () => {
    await promise({ firstResponseSeconds: HOUR, calendarId: await hours() });
    const { id } = await at('2026-11-05T09:00', ask);
    const timers = async (): Promise<Date[]> => {
      const { rows: found } = await slice.superuser.query<{ run_at: Date }>(
        `select run_at from outbox where type = 'inquiries.check-clock' order by run_at`,
      );
      return found.map(({ run_at }) => run_at);
    };
    expect(await timers()).toEqual([local('2026-11-05T09:48')]);
    const { first_response: promised } = await rows(id);
    await as(() => slice.get(InquiryClocks).check(promised.id, local('2026-11-05T09:48')));
    expect(await timers()).toEqual([local('2026-11-05T09:48'), local('2026-11-05T10:00')]);
  });

  it('follow the inquiry to a team with other hours', async () => {
    const night = newId();
    await hours(daily('00:00-24:00'), [], night);
    const usual = await hours();
    await slice.superuser.query('update business_calendars set is_default = true where id = $1', [usual]);
    await promise({ resolutionSeconds: 2 * HOUR });
    const { id } = await at('2026-11-05T16:00', ask);
    const moved = await at('2026-11-05T17:30', () =>
      slice.get(AssignmentService).assign(id, { assignedTo: null, teamId: night }),
    );
    expect(moved.dueAt).toEqual(local('2026-11-05T18:30'));
  });

  it('follow changed policies and calendars, through all open inquiries', async () => {
    const calendarId = await hours();
    const policy = await promise({ resolutionSeconds: 8 * HOUR, calendarId });
    const made = await at('2026-11-05T09:00', () => Promise.all(Array.from({ length: 60 }, () => ask())));
    await as(() => slice.get(SlaPoliciesService).edit(policy.id, { resolutionSeconds: 4 * HOUR }));
    await at('2026-11-05T10:00', () => recompute());
    expect(await dueTimes()).toEqual([local('2026-11-05T13:00')]);
    expect(await escalationTimes()).toEqual([local('2026-11-05T12:12')]);
    await slice.superuser.query(
      `update business_calendars set holidays = '[{"date":"2026-11-05"}]', version = version + 1 where id = $1`,
      [calendarId],
    );
    await at('2026-11-05T10:00', () => recompute());
    // the hour before the policy changed was counted then, and stays
    expect(await dueTimes()).toEqual([local('2026-11-06T12:00')]);
    expect(await escalationTimes()).toEqual([local('2026-11-06T11:12')]);
    expect(made).toHaveLength(60);
    expect(await told()).toEqual([]);
  });

  /** All batches, as the job's handler runs them one after the other. */
  const recompute = async (): Promise<void> => {
    const next = async (): Promise<string | undefined> => {
      const { rows: found } = await slice.superuser.query<{ after: string }>(
        `delete from outbox where type = 'inquiries.recompute-clocks' and payload->>'after' is not null returning payload->>'after' as after`,
      );
      return found[0]?.after;
    };
    await slice.get(InquiryClocks).recompute(null);
    for (let after = await next(); after; after = await next()) await slice.get(InquiryClocks).recompute(after);
  };
  const dueTimes = async (): Promise<Date[]> =>
    (await slice.superuser.query<{ due_at: Date }>('select distinct due_at from inquiries')).rows.map(
      ({ due_at }) => due_at,
    );

  const escalationTimes = async (): Promise<Date[]> =>
    (
      await slice.superuser.query<{ at: Date }>('select distinct escalates_at as at from inquiry_clocks order by 1')
    ).rows.map(({ at }) => at);

  it('refuse steps of an escalation that do not ascend, and more than five', async () => {
    const step = (after: number) => ({ after, action: 'notify' as const });
    await expect(promise({ escalation: [step(1), step(1)] })).rejects.toMatchObject({
      code: 'escalation_not_ascending',
      details: { errors: [{ pointer: '/escalation/1/after' }] },
    });
    const policy = await promise({ resolutionSeconds: HOUR, escalation: [step(0.5)] });
    const edit = (escalation: ReturnType<typeof step>[]) =>
      as(() => slice.get(SlaPoliciesService).edit(policy.id, { escalation }));
    await expect(edit([step(2), step(1)])).rejects.toMatchObject({ code: 'escalation_not_ascending' });
    await expect(edit([1, 2, 3, 4, 5, 6].map(step))).rejects.toMatchObject({
      constraint: 'sla_policies_escalation_is_bounded',
    });
    expect((await edit([])).escalation).toEqual([]);
  });

  it('are those of the customer’s level where a policy names one', async () => {
    const calendarId = await hours();
    await promise({ position: 1, levels: ['gold'], resolutionSeconds: HOUR, calendarId });
    await slice.superuser.query(`update customers set level = 'gold' where id = $1`, [customerId]);
    expect((await at('2026-11-05T09:00', ask)).dueAt).toEqual(local('2026-11-05T10:00'));
  });

  it('are the default ones in a tenant that has written none down, which it then has once', async () => {
    clock.set(local('2026-11-05T09:00'));
    await Promise.all(Array.from({ length: 5 }, () => as(ask)));
    const { rows: found } = await slice.superuser.query('select is_default from sla_policies');
    expect(found).toEqual([{ is_default: true }]);
    await as(() => slice.get(CalendarsFacade).hoursOf(null));
  });

  it('of a removed policy go on under the next one', async () => {
    const calendarId = await hours();
    const urgent = await promise({ position: 1, resolutionSeconds: HOUR, calendarId });
    await promise({ position: 2, resolutionSeconds: 4 * HOUR, calendarId });
    await at('2026-11-05T09:00', ask);
    await as(() => slice.get(SlaPoliciesService).remove(urgent.id));
    await at('2026-11-05T09:30', () => recompute());
    expect(await dueTimes()).toEqual([local('2026-11-05T13:00')]);
  });
});
