import { type SignedIn, signIn } from '@app/auth/testing';
import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CustomerLevel } from '../customer.policy.js';
import { CustomersFacade } from '../customers.facade.js';
import { customersContexts } from '../testing.js';

const NOW = new Date('2031-03-03T10:00:00Z'); // no timer comes due while a test runs
const GRANTS = [
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:restore'],
  ...['customers:merge', 'customers:pin-level'],
];
const UNTIL = '2031-04-01T10:00:00.000Z';
const A_PIN = { level: 'gold', reason: 'Promised on the phone', until: UNTIL };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

describe('Pinning the level of a customer', () => {
  let slice: Slice;
  let boss: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts, clock: new FixedClock(NOW) });
    boss = await signIn(slice, { grants: GRANTS });
    await slice.superuser.query(`set session app.actor_id = '${boss.actor.id}'`);
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who.token, body, headers });
  const aCustomer = async (over: object = {}): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', ...over })).body.id;
  const pin = (id: string, over: object = {}, who = boss, headers = {}) =>
    call('PUT', `customers/${id}/level-pin`, { ...A_PIN, ...over }, who, headers);
  const rank = (id: string, level: CustomerLevel | null) =>
    slice.as(boss.actor, () => slice.get(CustomersFacade).setLevel(id, level));
  const read = async (id: string) => (await call('GET', `customers/${id}`)).body;
  const timeline = async (id: string) =>
    (await call('GET', `customers/${id}/timeline`)).body.data.map(({ kind, title }: Record<string, string>) => [
      kind,
      title,
    ]);

  it('holds it up, for a reason and a time that everybody reads', async () => {
    const id = await aCustomer();
    await rank(id, 'silver');
    const { status, body } = await pin(id);
    const levelPin = { ...A_PIN, earned: 'silver', by: boss.actor.id };
    expect({ status, body }).toMatchObject({ status: 200, body: { level: 'gold', levelPin, version: 3 } });
    await rank(id, 'bronze');
    expect(await read(id)).toMatchObject({ level: 'gold', levelPin: { ...levelPin, earned: 'bronze' } });
    await rank(id, 'platinum');
    expect(await read(id)).toMatchObject({ level: 'platinum', levelPin: { ...levelPin, earned: 'platinum' } });
    expect((await call('GET', `customers?levelPinned=true&id=${id}`)).body.data).toMatchObject([
      { id, levelPin: { ...levelPin, earned: 'platinum' } },
    ]);
    const [change] = (await call('GET', `customers/${id}/history?sort=id&action=updated`)).body.data.slice(1);
    expect(change).toMatchObject({ actorId: boss.actor.id, after: { level: 'gold', levelPin } });
    expect((await timeline(id)).slice(0, 4)).toEqual([
      ['customers.level-changed', 'Level platinum'],
      ['customers.updated', 'Changed'],
      ['customers.level-pinned', 'Level pinned at gold'],
      ['customers.level-changed', 'Level silver'],
    ]);
  });

  it('writes nothing when the same level is earned again', async () => {
    const id = await aCustomer();
    await pin(id);
    await rank(id, 'bronze');
    const { version } = await read(id);
    await rank(id, 'bronze');
    expect(await read(id)).toMatchObject({ version });
  });

  it('is lifted before its time, once', async () => {
    const id = await aCustomer();
    await rank(id, 'bronze');
    await pin(id);
    expect((await call('DELETE', `customers/${id}/level-pin`, undefined, boss, { 'if-match': '"1"' })).status).toBe(
      412,
    );
    expect((await call('DELETE', `customers/${id}/level-pin`)).status).toBe(204);
    expect((await call('DELETE', `customers/${id}/level-pin`)).status).toBe(204);
    expect(await read(id)).toMatchObject({ level: 'bronze', levelPin: null, version: 4 });
    expect((await call('GET', `customers?levelPinned=false&id=${id}`)).body.data).toHaveLength(1);
    expect((await timeline(id))[0]).toEqual(['customers.level-pin-ended', 'Level pinned no more']);
  });

  it('holds through a day on the clocks of the tenant, also where they change', async () => {
    const id = await aCustomer();
    const zone = (name: string) =>
      slice.superuser.query('update tenants set zone = $2 where id = $1', [boss.actor.tenantId, name]);
    const endOf = async (until: string) => (await pin(id, { until })).body.levelPin.until;
    await zone('Europe/Berlin');
    expect(await endOf('2031-03-29')).toBe('2031-03-29T23:00:00.000Z');
    expect(await endOf('2031-03-30')).toBe('2031-03-30T22:00:00.000Z'); // the day has 23 hours
    await zone('UTC');
    expect(await endOf('2031-03-03')).toBe('2031-03-04T00:00:00.000Z');
    expect(await endOf('2031-03-30T12:00:00+02:00')).toBe('2031-03-30T10:00:00.000Z');
  });

  it('refuses what is no pin, naming the field', async () => {
    const id = await aCustomer();
    for (const [pointer, over] of [
      ['/level', { level: 'tin' }],
      ['/reason', { reason: '' }],
      ['/until', { until: 'tomorrow' }],
      ['/until', { until: '2031-02-30' }],
      ['/until', { until: '2031-04-01T10:00:00' }],
      ['/until', { until: null }],
    ] as const)
      expect((await pin(id, over)).body).toMatchObject({ status: 400, errors: [{ pointer }] });
    for (const until of ['2031-03-03T10:00:00Z', '2031-03-02', '2041-03-04'])
      expect(await pin(id, { until })).toMatchObject({
        ...{ status: 422, body: { code: 'level_pin_out_of_range', errors: [{ pointer: '/until' }] } },
      });
  });

  it('is for whoever may pin and may change the customer, on the version that was seen', async () => {
    const id = await aCustomer();
    const editor = await signIn(slice, { grants: ['customers:read_all', 'customers:update_all'] });
    const own = await signIn(slice, { grants: ['customers:read_all', 'customers:update_own', 'customers:pin-level'] });
    expect((await pin(id, {}, editor)).body).toMatchObject({ status: 403, permission: 'customers:pin-level' });
    expect((await call('DELETE', `customers/${id}/level-pin`, undefined, editor)).status).toBe(403);
    expect((await pin(id, {}, own)).status).toBe(404);
    expect((await call('DELETE', `customers/${id}/level-pin`, undefined, own)).status).toBe(404);
    const seen = { 'if-match': '"1"' };
    const answers = await Promise.all([1, 2, 3].map((n) => pin(id, { reason: `No. ${n}` }, boss, seen)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  describe('and a merge', () => {
    const merge = (survivorId: string, loserId: string) =>
      call('POST', 'customers/merge', { survivorId, loserId }).then(({ body }) => body.id as string);
    const undo = (id: string) => call('POST', `merges/${id}/undo`);

    it('leaves the pin of the survivor, whose earned level goes with it', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      await rank(loser, 'silver');
      await pin(survivor);
      await pin(loser, { level: 'platinum', reason: 'Another' });
      const id = await merge(survivor, loser);
      expect(await read(survivor)).toMatchObject({ level: 'gold', levelPin: { ...A_PIN, earned: 'silver' } });
      await undo(id);
      expect(await read(survivor)).toMatchObject({ level: 'gold', levelPin: { ...A_PIN, earned: null } });
      expect(await read(loser)).toMatchObject({ level: 'platinum', levelPin: { reason: 'Another', earned: 'silver' } });
    });

    it('brings the pin of the other one where the survivor has none, and takes it back', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      await rank(survivor, 'bronze');
      await pin(loser);
      const id = await merge(survivor, loser);
      expect(await read(survivor)).toMatchObject({ level: 'gold', levelPin: { ...A_PIN, earned: 'bronze' } });
      await rank(survivor, 'silver');
      await undo(id);
      expect(await read(survivor)).toMatchObject({ level: 'silver', levelPin: null });
      expect(await read(loser)).toMatchObject({ level: 'gold', levelPin: { ...A_PIN, earned: null } });
    });

    it('leaves a pin that somebody set since', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      await pin(loser);
      const id = await merge(survivor, loser);
      await pin(survivor, { reason: 'Promised anew' });
      await undo(id);
      expect(await read(survivor)).toMatchObject({ level: 'gold', levelPin: { reason: 'Promised anew' } });
    });
  });
});
