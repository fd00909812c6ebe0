import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { Jobs } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlaEscalated } from '../events.js';
import { EscalationsService } from './escalations.service.js';
import { InquiriesFacade } from '../inquiries.facade.js';
import { AssignmentService } from '../inquiries/assignment.service.js';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { CheckClock } from '../sla/sla.jobs.js';
import { toDocument } from '../sla/sla-policies.dto.js';
import { SlaQueries } from '../sla/sla.queries.js';
import { SlaPoliciesService } from '../sla/sla-policies.service.js';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const HOUR = 3600;
const MONDAY = new Date('2031-03-03T09:00:00Z'); // no timer comes due while a test runs
const TEAM = newId();
const CLERK = ['inquiries:read_all', 'inquiries:create', 'inquiries:assign_own', 'customers:read_all'];

const at = (time: string): Date => new Date(`2031-03-03T${time}:00Z`);

type Row = { step: number; action: string; outcome: string; told: string[] };

/** Two workers of one database, and an API beside them. */
describe('An inquiry that nobody answers in time', () => {
  let [api, worker, other]: Slice[] = [];
  let [clerk, agent, lead, boss]: SignedIn[] = [];
  const clock = new FixedClock(MONDAY);

  beforeAll(async () => {
    api = await bootSlice({ contexts: inquiriesContexts, clock });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock, beside });
    other = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock, beside });
    clerk = await signIn(api, { grants: CLERK, email: 'clerk@acme.example' });
    agent = await signIn(api, { grants: ['inquiries:read_own'], teams: [TEAM], email: 'agent@acme.example' });
    lead = await signIn(api, { grants: ['inquiries:read_team'], teams: [TEAM], email: 'lead@acme.example' });
    boss = await signIn(api, { grants: ['inquiries:assign_all'], email: 'boss@acme.example' });
    await api.superuser.query(`set session app.actor_id = '${clerk.userId}'`);
    await api.superuser.query('update team_members set is_lead = true where user_id = $1', [lead.userId]);
  });
  beforeEach(async () => {
    clock.set(MONDAY);
    await api!.empty('inquiries', 'sla_policies', 'outbox', 'messages');
    await as(() => api!.get(SlaPoliciesService).create(toDocument({ name: newId(), firstResponseSeconds: HOUR })));
  });
  afterAll(async () => {
    for (const slice of [other, worker, api]) await slice!.close();
  });

  const as = <T>(work: () => Promise<T>): Promise<T> => api!.as(clerk!.actor, work);
  const ask = (assignedTo: string | null = agent!.userId, teamId: string | null = TEAM) =>
    as(async () => {
      const customerId = await aKnownCustomer(api!);
      const question = { customerId, subject: 'Where is my order?', message: 'Late.', teamId };
      const { id } = await api!.get(InquiriesService).record(question);
      if (assignedTo) await api!.get(AssignmentService).assign(id, { assignedTo });
      return id;
    });
  /** All that is due by then, each timer several times over, for both workers to fall upon. */
  const passes = async (time: string): Promise<void> => {
    clock.set(at(time));
    const { rows } = await api!.superuser.query<{ id: string }>(
      'select id from inquiry_clocks where stopped_at is null',
    );
    await as(async () => {
      for (const { id: clockId } of rows)
        for (let copy = 0; copy < 6; copy++)
          await api!.get(Jobs).enqueue(CheckClock, { clockId, at: clock.now().toISOString() });
    });
    await worker!.settled();
  };
  const steps = async (): Promise<Row[]> =>
    (await api!.superuser.query<Row>('select step, action, outcome, told from inquiry_escalations order by at, step'))
      .rows;
  const withWhom = async (id: string): Promise<string | null> =>
    (await api!.superuser.query('select assigned_to from inquiries where id = $1', [id])).rows[0].assigned_to;
  const mails = async (): Promise<string[]> => {
    const { rows } = await api!.superuser.query<{ to: string; subject: string }>(
      `select recipients->'to'->0->>'address' as to, subject from messages where about_kind = 'inquiries.escalation' order by created_at`,
    );
    return rows.map(({ to, subject }) => `${to}: ${subject.replace(/INQ-\d+/, 'INQ')}`);
  };
  /** By its query: tokens end within the hours that go by. */
  const shown = async (id: string) => (await as(() => api!.get(SlaQueries).clocksOf(id))).data[0];
  const answer = (id: string) =>
    as(() =>
      api!.get(InquiriesFacade).answered(id, {
        ...{ responseId: newId(), messageId: `<${newId()}@nexus.example>`, subject: 'Re', body: 'Tomorrow.' },
        ...{ authorId: agent!.userId, at: clock.now() },
      }),
    );

  it('is told of at 80 %, goes to the lead when it is late, and to a manager when it is twice as late: once each', async () => {
    const id = await ask();
    await passes('09:47');
    expect(await steps()).toEqual([]);
    await passes('09:48');
    expect(await withWhom(id)).toBe(agent!.userId);
    await passes('10:00');
    expect(await withWhom(id)).toBe(lead!.userId);
    await passes('10:59');
    await passes('11:00');
    expect(await withWhom(id)).toBe(boss!.userId);
    await passes('16:00');
    expect(await steps()).toEqual([
      { step: 1, action: 'notify', outcome: 'told', told: [agent!.userId] },
      { step: 2, action: 'reassign_to_lead', outcome: 'reassigned', told: [lead!.userId] },
      { step: 3, action: 'reassign_to_manager', outcome: 'reassigned', told: [boss!.userId] },
    ]);
    expect(await mails()).toEqual([
      'agent@acme.example: INQ is nearly due: Where is my order?',
      'lead@acme.example: INQ is late: Where is my order?',
      'boss@acme.example: INQ is late: Where is my order?',
    ]);
    expect(await shown(id)).toMatchObject({
      kind: 'first_response',
      escalation: [
        { after: 0.8, action: 'notify', at: at('09:48'), outcome: 'told', told: [agent!.userId] },
        { after: 1, at: at('10:00'), outcome: 'reassigned', dueAt: null },
        { after: 2, at: at('11:00'), outcome: 'reassigned', dueAt: null },
      ],
    });
  });

  it('stops on the answer', async () => {
    const id = await ask();
    await passes('09:48');
    expect((await shown(id))?.escalation[1]).toMatchObject({ dueAt: at('10:00'), at: null, outcome: null });
    clock.set(at('09:59'));
    await answer(id);
    await passes('12:00');
    expect(await steps()).toHaveLength(1);
    expect(await withWhom(id)).toBe(agent!.userId);
  });

  it('is left as it is when it is answered between the timer and what follows of it', async () => {
    const id = await ask();
    await worker!.settled();
    const { rows } = await api!.superuser.query<{ id: string }>(
      `select id from inquiry_clocks where kind = 'first_response'`,
    );
    await as(() =>
      api!.db.transaction(async () => {
        const told = { clockId: rows[0]!.id, step: 2, after: 1, action: 'reassign_to_lead' as const };
        const dueAt = '2031-03-03T10:00:00.000Z';
        await api!.db.publish(SlaEscalated({ ...told, inquiryId: id, clock: 'first_response', dueAt }));
        await answer(id);
      }),
    );
    await worker!.settled();
    expect(await steps()).toEqual([{ step: 2, action: 'reassign_to_lead', outcome: 'stopped', told: [] }]);
    expect(await withWhom(id)).toBe(agent!.userId);
  });

  it('is escalated step by step, whichever comes first and however many workers take them', async () => {
    const id = await ask();
    await worker!.settled();
    const { rows } = await api!.superuser.query<{ id: string }>(
      `update inquiry_clocks set escalated_steps = 3 where kind = 'first_response' returning id`,
    );
    const told = { inquiryId: id, clockId: rows[0]!.id, clock: 'first_response' as const };
    const due = [
      { step: 3, after: 2, action: 'reassign_to_manager' as const },
      { step: 2, after: 1, action: 'reassign_to_lead' as const },
      { step: 1, after: 0.8, action: 'notify' as const },
    ].map((step) => ({ ...told, ...step, dueAt: at('10:00').toISOString() }));
    const take = (slice: Slice) =>
      due.map((step) => slice.as(clerk!.actor, () => slice.get(EscalationsService).take(step)));
    await Promise.all([...take(worker!), ...take(other!)]);
    const { rows: taken } = await api!.superuser.query<Row>('select step, told from inquiry_escalations order by id');
    expect(taken).toEqual([
      { step: 1, told: [agent!.userId] },
      { step: 2, told: [lead!.userId] },
      { step: 3, told: [boss!.userId] },
    ]);
    expect(await withWhom(id)).toBe(boss!.userId);
  });

  it('that is nobody’s is told to the lead, and without a team goes to a manager at once', async () => {
    const [ofTeam, ofNone] = [await ask(null), await ask(null, null)];
    await passes('09:48');
    expect((await steps()).map(({ told }) => told.join()).sort()).toEqual([lead!.userId, boss!.userId].sort());
    await passes('10:00');
    expect([await withWhom(ofTeam), await withWhom(ofNone)]).toEqual([lead!.userId, boss!.userId]);
  });

  it('stays with a manager who has it, who is told', async () => {
    const id = await ask(boss!.userId);
    await passes('11:00');
    expect((await steps()).map(({ outcome, told }) => [outcome, told])).toEqual(
      Array.from({ length: 3 }, () => ['told', [boss!.userId]]),
    );
    expect(await withWhom(id)).toBe(boss!.userId);
  });

  it('of two goes to the lead with less to do', async () => {
    const second = await signIn(api!, { teams: [TEAM], email: 'second@acme.example' });
    await api!.superuser.query('update team_members set is_lead = true where user_id = $1', [second.userId]);
    await ask(lead!.userId);
    const id = await ask();
    await passes('10:00');
    expect(await withWhom(id)).toBe(second.userId);
    await api!.superuser.query('delete from team_members where user_id = $1', [second.userId]);
  });
});
