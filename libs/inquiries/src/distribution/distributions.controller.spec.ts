import { type SignedIn, signIn } from '@app/auth/testing';
import { daily } from '@app/calendars/testing';
import { FixedClock, newId } from '@app/kernel';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';
import { DistributionsService } from './distributions.service.js';

const MONDAY = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const [TEAM, OTHER] = [newId(), newId()];
const DESK = [
  'inquiries:read_all',
  'inquiries:create',
  'inquiries:assign_all',
  'inquiries:distribute',
  'customers:read_all',
];
const AGENT = ['inquiries:read_own', 'inquiries:update_own', 'inquiries:take'];

/** A worker beside an API, and three people in a team. */
describe('The inquiries of a team', () => {
  let [api, worker]: Slice[] = [];
  let boss: SignedIn;
  let people: SignedIn[];
  let customerId: string;
  const clock = new FixedClock(MONDAY);

  beforeAll(async () => {
    api = await bootSlice({ contexts: inquiriesContexts, clock });
    const beside = { database: api.database, config: api.config };
    worker = await bootSlice({ contexts: inquiriesContexts, app: 'worker', clock, beside });
    boss = await signIn(api, { grants: DESK });
    people = [];
    for (let one = 0; one < 3; one++) people.push(await signIn(api, { grants: AGENT, teams: [TEAM] }));
    await signIn(api, { teams: [OTHER] });
    customerId = await api.as(boss.actor, () => aKnownCustomer(api!));
    await api.superuser.query(`set session app.actor_id = '${boss.userId}'`);
  });
  beforeEach(async () => {
    clock.set(MONDAY);
    await worker!.settled();
    await api!.empty('inquiries', 'distribution_rules', 'business_calendars', 'team_calendars', 'outbox');
  });
  afterAll(async () => {
    await worker!.close();
    await api!.close();
  });

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, who = boss) =>
    api!.http(method, `/api/v1${path}`, { token: who.token, body });
  const rule = (over: object = {}) => call('PUT', `/distribution-rules/${TEAM}`, { strategy: 'round_robin', ...over });
  const ask = async (over: object = {}): Promise<string> => {
    const question = { customerId, subject: 'Where is it?', message: 'Late.', teamId: TEAM, ...over };
    return (await call('POST', '/inquiries', question)).body.id;
  };
  const assignment = async (id: string) => (await call('GET', `/inquiries/${id}/assignment`)).body;
  const shares = async (): Promise<number[]> => {
    const { rows } = await api!.superuser.query<{ user: string; n: number }>(
      'select assigned_to as user, count(*)::int as n from inquiries where assigned_to is not null group by 1',
    );
    return people.map(({ userId }) => rows.find(({ user }) => user === userId)?.n ?? 0);
  };

  it('are given in turn, and each says why', async () => {
    expect((await rule()).body).toMatchObject({ teamId: TEAM, strategy: 'round_robin', members: [], version: 1 });
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) {
      clock.set(new Date(MONDAY.getTime() + n * 60_000));
      ids.push(await ask());
      await worker!.settled();
    }
    expect(await shares()).toEqual([2, 2, 2]);
    const shown = await assignment(ids[3]!);
    expect(shown.distribution).toMatchObject({
      strategy: 'round_robin',
      assignedTo: shown.assignedTo,
      isCurrent: true,
    });
    expect(shown.distribution.candidates).toHaveLength(3);
    expect(shown.distribution.candidates[0]).toMatchObject({
      ...{ userId: shown.assignedTo, open: 1, capacity: null, refusal: null, lastGivenAt: MONDAY.toISOString() },
    });
    expect((await call('GET', `/inquiries/${ids[3]}`)).body.status).toBe('open');
  });

  it('are nobody’s in a team without a rule, and stay so', async () => {
    const id = await ask();
    await worker!.settled();
    expect(await assignment(id)).toEqual({ assignedTo: null, teamId: TEAM, distribution: null });
    expect((await call('POST', `/inquiries/${id}/distribute`)).body).toMatchObject({ code: 'inquiry_not_distributed' });
  });

  it('go to whoever knows about them, is there, and is not full; the rest waits until somebody is free', async () => {
    const [ada, ben, eve] = people.map(({ userId }) => userId);
    await rule({
      ...{ strategy: 'least_loaded', needsSkill: true, capacity: 1 },
      members: [
        { userId: ada, skills: ['billing'] },
        { userId: ben, skills: ['billing'], isAway: true },
      ],
    });
    const [first, second] = [await ask({ category: 'billing' }), await ask({ category: 'billing' })];
    await worker!.settled();
    expect([(await assignment(first)).assignedTo, (await assignment(second)).assignedTo].sort()).toEqual(
      [ada, null].sort(),
    );
    const [given, waiting] = (await assignment(first)).assignedTo ? [first, second] : [second, first];
    const refusals = (await assignment(waiting)).distribution.candidates.map(
      ({ userId, refusal }: { userId: string; refusal: string }) => [userId, refusal],
    );
    expect(Object.fromEntries(refusals)).toEqual({ [ada!]: 'full', [ben!]: 'away', [eve!]: 'lacks_skill' });
    await call('POST', `/inquiries/${given}/resolve`, undefined, people[0]);
    await worker!.settled();
    expect((await assignment(waiting)).assignedTo).toBe(ada);
  });

  it('that somebody gives back go to another', async () => {
    await rule();
    const id = await ask();
    await worker!.settled();
    const { assignedTo } = await assignment(id);
    const holder = people.find(({ userId }) => userId === assignedTo);
    await call('POST', `/inquiries/${id}/release`, undefined, holder);
    await worker!.settled();
    const next = await assignment(id);
    expect(people.map(({ userId }) => userId)).toContain(next.assignedTo);
    expect(next.assignedTo).not.toBe(assignedTo);
  });

  it('wait for the opening of business when the rule keeps hours', async () => {
    await api!.superuser.query(
      `insert into business_calendars (tenant_id, id, name, zone, week, holidays, is_default) values ($1, $2, 'Hours', 'Europe/Berlin', $3, '[]', true)`,
      [TENANT, newId(), JSON.stringify(daily('12:00-17:00', 1, 2, 3, 4, 5))],
    );
    await rule({ keepsHours: true });
    const id = await ask();
    await worker!.settled();
    const { distribution } = await assignment(id);
    expect(distribution).toMatchObject({ assignedTo: null, candidates: [{ refusal: 'off_hours' }, {}, {}] });
    const { rows } = await api!.superuser.query<{ run_at: Date }>(
      `select distinct run_at from outbox where type = 'inquiries.distribute-team' and published_at is null`,
    );
    expect(rows).toEqual([{ run_at: new Date('2031-03-03T11:00:00Z') }]);
    clock.set(new Date('2031-03-03T11:00:00Z'));
    await worker!.as(boss.actor, () => worker!.get(DistributionsService).distribute(TEAM));
    expect((await assignment(id)).assignedTo).not.toBeNull();
  });

  it('are given once each and nobody gets more than they take, however many give and take at once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, () => ask()));
    await rule({ strategy: 'least_loaded', capacity: 8 });
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, (_, n) => call('POST', `/inquiries/${ids[n]}/distribute`)),
      ...Array.from({ length: 20 }, () =>
        worker!.as(boss.actor, () => worker!.get(DistributionsService).distribute(TEAM)),
      ),
    ]);
    await worker!.settled();
    expect(answers.flatMap((answer) => answer?.status ?? [])).toEqual(Array(30).fill(200));
    expect(await shares()).toEqual([8, 8, 8]);
    const { rows } = await api!.superuser.query<{ n: number }>(
      'select count(*)::int as n from distributions where assigned_to is not null group by inquiry_id',
    );
    expect(rows).toEqual(Array(24).fill({ n: 1 }));
  });

  it('are not given and taken at once: of fifty who try, one has it', async () => {
    await rule();
    const id = await ask({ teamId: OTHER });
    await api!.superuser.query('update inquiries set team_id = $1 where id = $2', [TEAM, id]);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        n % 2
          ? call('POST', `/inquiries/${id}/take`, undefined, people[n % 3])
          : call('POST', `/inquiries/${id}/distribute`),
      ),
    );
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const { rows } = await api!.superuser.query<{ n: number }>(
      `select count(*)::int as n from outbox where type = 'inquiries.assigned' and payload->>'inquiryId' = $1`,
      [id],
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('are given by rules that name members once, and by who may say so', async () => {
    const [ada] = people;
    const members = (...ids: (string | undefined)[]) => rule({ members: ids.map((userId) => ({ userId })) });
    expect((await members(boss.userId)).body).toMatchObject({
      ...{ status: 422, code: 'member_unknown', errors: [{ pointer: '/members/0/userId' }] },
    });
    expect((await members(ada!.userId, ada!.userId)).body).toMatchObject({ status: 422, code: 'member_named_twice' });
    expect((await call('PUT', `/distribution-rules/${newId()}`, { strategy: 'round_robin' })).status).toBe(404);
    expect((await call('PUT', `/distribution-rules/${TEAM}`, { strategy: 'round_robin' }, ada)).status).toBe(403);
    await rule();
    expect((await call('GET', '/distribution-rules')).body.data).toMatchObject([{ teamId: TEAM }]);
    expect((await rule({ capacity: 3 })).body).toMatchObject({ capacity: 3, version: 2 });
    expect((await call('DELETE', `/distribution-rules/${TEAM}`)).status).toBe(204);
    expect((await call('GET', `/distribution-rules/${TEAM}`)).status).toBe(404);
  });
});
