import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock, newId } from '@app/kernel';
import { Jobs } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConversationService } from '../conversation/conversation.service.js';
import { InquiriesService } from '../inquiries/inquiries.service.js';
import { AssignmentService } from '../inquiries/assignment.service.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { SatisfactionService } from '../satisfaction/satisfaction.service.js';
import { CheckClock } from '../sla/sla.jobs.js';
import { toDocument } from '../sla/sla-policies.dto.js';
import { SlaPoliciesService } from '../sla/sla-policies.service.js';
import { aKnownCustomer, inquiriesContexts, mergeInquiries, unmergeInquiry } from '../testing.js';

const MONDAY = new Date('2031-03-03T09:00:00Z'); // no timer comes due while a test runs
const at = (time: string): Date => new Date(`2031-03-03T${time}:00Z`);
const [TEAM, HOUR] = [newId(), 3600];
const DESK = ['read_all', 'update_all', 'create', 'take', 'assign_all', 'distribute', 'export', 'delete'];

/** An API and a worker beside it. */
describe('An inquiry that was merged into another', () => {
  let [api, worker]: Slice[] = [];
  let [clerk, agent, max]: SignedIn[] = [];
  let [source, home] = ['', ''];
  const clock = new FixedClock(MONDAY);

  beforeAll(async () => {
    api = await bootSlice({ contexts: inquiriesContexts, clock });
    worker = await bootSlice({
      contexts: inquiriesContexts,
      app: 'worker',
      clock,
      beside: { database: api.database, config: api.config },
    });
    const grants = DESK.map((action) => `inquiries:${action}`);
    clerk = await signIn(api, { grants: [...grants, 'customers:read_all', 'sla-policies:manage'] });
    agent = await signIn(api, { grants: ['inquiries:read_own'], teams: [TEAM] });
    max = await signIn(api, { grants: ['inquiries:read_all'], email: 'max@acme.example' });
    await api.superuser.query(`set session app.actor_id = '${clerk.userId}'`);
  });
  beforeEach(async () => {
    clock.set(MONDAY);
    await worker!.settled();
    await api!.empty('inquiries', 'sla_policies', 'distribution_rules', 'inquiry_settings', 'outbox', 'messages');
    const promises = { firstResponseSeconds: HOUR, nextResponseSeconds: HOUR, resolutionSeconds: 8 * HOUR };
    await as(() => api!.get(SlaPoliciesService).create(toDocument({ name: newId(), ...promises })));
    [source, home] = [await record(), await record()];
  });
  afterAll(async () => {
    await worker!.close();
    await api!.close();
  });

  const as = <T>(work: () => Promise<T>): Promise<T> => api!.as(clerk!.actor, work);
  const record = (over: { teamId?: string } = {}) =>
    as(async () => {
      const customerId = await aKnownCustomer(api!);
      const question = { customerId, subject: 'Where is my order?', message: 'Late.', teamId: null, ...over };
      return (await api!.get(InquiriesService).record(question)).id;
    });
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, who = clerk) =>
    api!.http(method, `/api/v1${path}`, { token: who!.token, body });
  const rows = async <Row = Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await api!.superuser.query(sql, values)).rows as Row[];
  const merge = () => as(() => mergeInquiries(api!, source, home));
  const unmerge = () => as(() => unmergeInquiry(api!, source));
  const statuses = () => api!.get(InquiryStatusService);
  const write = (id: string) =>
    as(() =>
      api!.db.transaction(async () => {
        const held = await api!.get(ConversationService).hold(id);
        return api!.get(ConversationService).receive(held!.id, { body: 'And now?', at: clock.now() });
      }),
    );
  const answer = (id: string) =>
    as(() =>
      api!.db.transaction(() =>
        api!.get(ConversationService).answered(id, {
          ...{ responseId: newId(), messageId: `<${newId()}@nexus.example>`, subject: 'Re', body: 'Tomorrow.' },
          ...{ authorId: agent!.userId, at: clock.now() },
        }),
      ),
    );
  const rowOf = async (id: string) => (await rows('select * from inquiries where id = $1', [id]))[0]!;
  /** All that is due by then, each timer several times over. */
  const passes = async (time: string): Promise<void> => {
    clock.set(at(time));
    const clocks = await rows<{ id: string }>('select id from inquiry_clocks');
    await as(async () => {
      for (const { id: clockId } of clocks)
        for (let copy = 0; copy < 3; copy++)
          await api!.get(Jobs).enqueue(CheckClock, { clockId, at: clock.now().toISOString() });
    });
    await worker!.settled();
  };
  const told = async (id: string): Promise<string[]> =>
    (
      await rows<{ told: string }>(
        `select concat_ws(' ', replace(type, 'inquiries.', ''), payload->>'clock', payload->>'step') as told from outbox
         where payload->>'inquiryId' = $1 and type in ('inquiries.sla-warned', 'inquiries.sla-breached', 'inquiries.escalated') order by 1`,
        [id],
      )
    ).map(({ told }) => told);

  it('leaves its clock behind: the other one’s goes on, and each tells once, also when it is taken back', async () => {
    await passes('09:50');
    const warned = ['escalated first_response 1', 'sla-warned first_response'];
    expect([await told(source), await told(home)]).toEqual([warned, warned]);
    clock.set(at('09:55'));
    await merge();
    await passes('11:30');
    const broken = [
      ...warned,
      'escalated first_response 2',
      'escalated first_response 3',
      'sla-breached first_response',
    ];
    expect([await told(source), await told(home)]).toEqual([warned, broken.sort()]);
    await unmerge();
    await passes('11:34');
    expect(await told(source)).toEqual(warned); // one of its five minutes is left
    await passes('11:36');
    await passes('13:30');
    expect([await told(source), await told(home)]).toEqual([broken, broken]);
    expect(await rows('select count(*)::int as n from inquiry_escalations where inquiry_id = $1', [source])).toEqual([
      { n: 3 },
    ]);
  });

  it('is left alone by a step of its escalation that was told before', async () => {
    await as(() => api!.get(AssignmentService).assign(source, { assignedTo: agent!.userId }));
    clock.set(at('10:00'));
    const [first] = await rows<{ id: string }>(
      `select id from inquiry_clocks where inquiry_id = $1 and kind = 'first_response'`,
      [source],
    );
    await merge();
    const step = { inquiryId: source, clock: 'first_response', clockId: first!.id, step: 2, after: 1 };
    const due = { ...step, action: 'reassign_to_manager', dueAt: at('10:00').toISOString() };
    await rows(
      `insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
       select tenant_id, $1, 'event', 'inquiries.escalated', $2, created_by, 'Clerk', now() from inquiries where id = $3`,
      [newId(), JSON.stringify(due), source],
    );
    await worker!.settled();
    expect(await rows('select outcome from inquiry_escalations where inquiry_id = $1', [source])).toEqual([
      { outcome: 'stopped' },
    ]);
    expect((await rowOf(source)).assigned_to).toBe(agent!.userId);
    expect(await rows(`select 1 from messages where about_kind = 'inquiries.escalation'`)).toEqual([]);
  });

  it.each(['resolve', 'wait'] as const)(
    'though it was put off opens the other one, of which nothing reminds: %s',
    async (how) => {
      clock.set(at('09:01'));
      await answer(home);
      if (how === 'resolve') await as(() => statuses().resolve(home));
      await as(() => statuses().snooze(source, at('12:00')));
      await merge();
      expect(await rowOf(home)).toMatchObject({ status: 'open', awaits_answer_since: at('09:01') });
      const open = `select kind from inquiry_clocks where inquiry_id = $1 and stopped_at is null and running_since is not null order by kind`;
      expect(await rows(open, [home])).toEqual([{ kind: 'next_response' }, { kind: 'resolution' }]);
      clock.set(at('13:00'));
      await unmerge();
      expect(await rowOf(source)).toMatchObject({ status: 'on_hold', snoozed_until: at('12:00') });
      const woken = `select run_at from outbox where type = 'inquiries.wake-snoozed' and payload->>'inquiryId' = $1`;
      expect(await rows(woken, [source])).toEqual([{ run_at: at('12:00') }, { run_at: at('12:00') }]);
      expect((await rowOf(home)).awaits_answer_since).toBeNull();
    },
  );

  it('is given to nobody until it is taken back', async () => {
    const give = (id: string) => call('POST', `/inquiries/${id}/distribute`);
    [source, home] = [await record({ teamId: TEAM }), await record({ teamId: TEAM })];
    await merge();
    await call('PUT', `/distribution-rules/${TEAM}`, { strategy: 'round_robin' });
    await worker!.settled();
    expect([(await rowOf(source)).assigned_to, (await rowOf(home)).assigned_to]).toEqual([null, agent!.userId]);
    expect((await give(source)).body).toMatchObject({ status: 409, code: 'inquiry_merged', mergedInto: home });
    await unmerge();
    await worker!.settled();
    expect((await rowOf(source)).assigned_to).toBe(agent!.userId);
    await as(() => statuses().markSpam(home));
    expect((await give(home)).body).toMatchObject({ status: 409, code: 'inquiry_not_workable' });
    await as(() => statuses().resolve(source));
    await as(() => statuses().close(source));
    expect((await give(source)).body).toMatchObject({ status: 409, code: 'inquiry_not_workable' });
  });

  it('is rated by the link that was sent before, is asked about no more, and has a row of its own in the export', async () => {
    await call('PATCH', '/inquiry-settings', { satisfactionUrl: 'https://desk.example/survey?token={token}' });
    const ask = (id: string) => worker!.as(clerk!.actor, () => worker!.get(SatisfactionService).ask(id, MONDAY));
    for (const id of [source, home]) await as(() => statuses().moveTo(id, 'open'));
    await as(() => statuses().resolve(source));
    await ask(source);
    await as(() => statuses().resolve(home));
    await merge();
    const [mail, ...more] = await rows<{ text: string }>(
      `select text from messages where about_kind = 'inquiries.satisfaction'`,
    );
    expect(more).toEqual([]);
    const [, token] = /token=([\w-]{43})\n/.exec(mail!.text) ?? [];
    expect((await api!.http('POST', `/api/v1/csat/${token}`, { body: { score: 2 } })).status).toBe(200);
    expect((await call('GET', `/inquiries/${source}/satisfaction`)).body).toMatchObject({ score: 2 });
    expect((await call('GET', `/inquiries/${home}/satisfaction`)).body).toMatchObject({ score: null });
    const other = await record();
    await as(() => statuses().moveTo(other, 'open'));
    await as(() => statuses().resolve(other));
    await as(() => mergeInquiries(api!, other, home));
    await ask(other);
    expect(await rows('select 1 from satisfaction_surveys where inquiry_id = $1', [other])).toEqual([]);
    const csv = (await call('GET', '/inquiries/export.csv')).body as string;
    const [names, ...lines] = csv
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const column = (name: string) => lines.map((line) => line[names!.indexOf(name)]);
    expect(column('mergedInto')).toEqual([home, '', home]);
    expect(column('status')).toEqual(['merged', 'resolved', 'merged']);
    expect(column('satisfaction')).toEqual(['2', '', '']);
  });

  it('is watched where it goes on, by those who are seen there and may stop it there', async () => {
    await call('PUT', `/inquiries/${source}/watchers/${max!.userId}`, undefined, max);
    await merge();
    const watchers = async () => (await call('GET', `/inquiries/${home}/watchers`)).body.data;
    expect(await watchers()).toMatchObject([{ inquiryId: source, userId: max!.userId }]);
    const mails = async () => {
      await worker!.settled();
      return rows(`select 1 from messages where about_kind = 'inquiries.notice'`);
    };
    await write(source);
    expect(await mails()).toHaveLength(1);
    await call('DELETE', `/inquiries/${home}/watchers/${max!.userId}`, undefined, max);
    expect(await watchers()).toEqual([]);
    await write(source);
    expect(await mails()).toHaveLength(1);
  });

  it('is merged once under an Idempotency-Key, also where PostgreSQL ended the transaction to undo a deadlock', async () => {
    await rows('create sequence merges');
    await rows(`create function fall() returns trigger language plpgsql as $$ begin
        if new.merged_into is not null and nextval('merges') = 1 then raise exception 'as told' using errcode = '40P01'; end if;
        return new; end $$`);
    await rows('grant usage on sequence merges to public');
    await rows('create trigger fall before update on inquiries for each row execute function fall()');
    const headers = { 'idempotency-key': newId() };
    const send = () =>
      api!.http('POST', `/api/v1/inquiries/${source}/merge`, { token: clerk!.token, body: { into: home }, headers });
    const first = await send();
    const again = await send();
    await rows('drop trigger fall on inquiries');
    expect([first.status, again.status, again.headers['idempotent-replayed']]).toEqual([200, 200, 'true']);
    expect(
      await rows(`select 1 from outbox where type = 'inquiries.merged' and payload->>'inquiryId' = $1`, [source]),
    ).toHaveLength(1);
  });

  it('and worked on at once in every way stays whole: nothing is lost, and nothing answers with a fault', async () => {
    for (let round = 0; round < 12; round++) {
      [source, home] =
        round % 2 ? [await record(), await record()] : ([await record(), await record()].reverse() as [string, string]);
      const third = await record();
      const key = { 'idempotency-key': newId() };
      const post = (path: string, body?: unknown, headers = {}) =>
        api!.http('POST', `/api/v1/inquiries/${path}`, { token: clerk!.token, body, headers });
      const answers = await Promise.all([
        post(`${source}/merge`, { into: home }, key),
        post(`${third}/merge`, { into: home }),
        post(`${home}/merge`, { into: third }, { 'idempotency-key': newId() }),
        post(`${source}/take`),
        post(`${home}/take`),
        post(`${source}/notes`, { body: 'Note.' }),
        post(`${source}/resolve`),
        post(`${home}/assign`, { assignedTo: agent!.userId }),
        write(source).then(() => ({ status: 200 })),
        write(home).then(() => ({ status: 200 })),
        write(third).then(() => ({ status: 200 })),
        answer(source).then(() => ({ status: 200 })),
      ]);
      expect(answers.filter(({ status }) => ![200, 201, 409].includes(status))).toEqual([]);
      const said = await rows<{ n: number }>(
        `select count(*)::int as n from inquiry_messages where inquiry_id = any ($1::uuid[]) and direction <> 'note'`,
        [[source, home, third]],
      );
      expect(said).toEqual([{ n: 7 }]);
      const chains = `select 1 from inquiries i join inquiries h on h.tenant_id = i.tenant_id and h.id = i.merged_into where h.merged_into is not null`;
      expect(await rows(chains)).toEqual([]);
    }
  });
});
