import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const GRANTS = [
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:restore'],
  ...['customers:merge', 'customers:purge', 'companies:read', 'companies:create', 'companies:update'],
];

describe('Two customers who are one', () => {
  let slice: Slice;
  let [boss, clerk, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: GRANTS });
    clerk = await signIn(slice, {
      grants: ['customers:create', 'customers:read_own', 'customers:update_own', 'customers:merge'],
    });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body, headers });
  const anEmail = (): string => `${newId()}@okafor.example`;
  const aCustomer = async (over: object = {}, who = boss): Promise<string> => {
    const made = await call('POST', 'customers', { firstName: 'Mira', lastName: 'Okafor', ...over }, who);
    expect(made.status).toBe(201);
    return made.body.id;
  };
  const merge = (survivorId: string, loserId: string, fields?: object, who = boss) =>
    call('POST', 'customers/merge', { survivorId, loserId, ...(fields && { fields }) }, who);
  const undo = (id: string, who = boss) => call('POST', `merges/${id}/undo`, undefined, who);
  const read = async (id: string) => (await call('GET', `customers/${id}`)).body;
  const consent = async (id: string, purpose: string, granted: boolean): Promise<void> => {
    const said = { channel: 'email', purpose, granted, source: 'test' };
    expect((await call('POST', `customers/${id}/consents`, said)).status).toBe(201);
  };
  const holding = async (id: string): Promise<Record<string, boolean>> => {
    const { rows } = await slice.superuser.query<{ purpose: string; granted: boolean }>(
      'select distinct on (purpose) purpose, granted from customer_consents where customer_id = $1 order by purpose, created_at desc, id desc',
      [id],
    );
    return Object.fromEntries(rows.map(({ purpose, granted }) => [purpose, granted]));
  };

  describe('become one', () => {
    it('who has what was chosen, and of the rest what the survivor lacks', async () => {
      const [one, other] = [anEmail(), anEmail()];
      const survivor = await aCustomer({ email: one, metadata: { a: 1, b: 1 } });
      const loser = await aCustomer({
        ...{ firstName: 'M.', lastName: 'Okafor-Berg', company: 'Okafor', email: other, phone: '+4930123456' },
        ...{ metadata: { b: 2, c: 2 } },
      });
      const merged = await merge(survivor, loser, { lastName: 'loser', email: 'loser' });
      expect(merged).toMatchObject({ status: 201, body: { survivorId: survivor, loserId: loser, state: 'merged' } });
      expect(merged.headers.location).toBe(`/api/v1/merges/${merged.body.id}`);
      expect(await read(survivor)).toMatchObject({
        ...{ firstName: 'Mira', lastName: 'Okafor-Berg', company: 'Okafor', email: other, phone: '+4930123456' },
        ...{ metadata: { a: 1, b: 1, c: 2 }, version: 2 },
      });
      const { contactPoints } = await read(survivor);
      expect(contactPoints.map(({ normalized }: { normalized: string }) => normalized).sort()).toEqual(
        [one, other, '+4930123456'].sort(),
      );
      expect((await call('GET', `merges/${merged.body.id}`)).body).toEqual(merged.body);
      expect((await call('GET', `merges?survivorId=${survivor}`)).body.data).toEqual([merged.body]);
    });

    it('who is the person that the survivor was, as far as known and not chosen otherwise, and back', async () => {
      const [night, noon] = [
        { start: '21:00', end: '08:00' },
        { start: '12:00', end: '13:00' },
      ];
      const survivor = await aCustomer({ language: 'de', quietHours: night });
      const loser = await aCustomer({
        ...{ birthday: '1986-05-17', timeZone: 'Europe/Vienna', language: 'fr', preferredChannel: 'sms' },
        quietHours: noon,
      });
      const merged = await merge(survivor, loser, { quietHours: 'loser', preferredChannel: 'survivor' });
      const all = { birthday: '1986-05-17', timeZone: 'Europe/Vienna', language: 'de', preferredChannel: null };
      expect(await read(survivor)).toMatchObject({ ...all, quietHours: noon });
      await call('PATCH', `customers/${survivor}`, { timeZone: 'Europe/Berlin' });
      expect((await undo(merged.body.id)).status).toBe(200);
      const back = { birthday: null, timeZone: 'Europe/Berlin', language: 'de', preferredChannel: null };
      expect(await read(survivor)).toMatchObject({ ...back, quietHours: night });
      expect(await read(loser)).toMatchObject({ birthday: '1986-05-17', language: 'fr', quietHours: noon });
    });

    it('whose other id leads to it, and is not changed any more', async () => {
      const [survivor, loser, last] = [await aCustomer(), await aCustomer({ email: anEmail() }), await aCustomer()];
      await merge(survivor, loser);
      const moved = await call('GET', `customers/${loser.toUpperCase()}`);
      expect(moved).toMatchObject({ status: 301, body: { code: 'customer_merged', mergedInto: survivor } });
      expect(moved.headers.location).toBe(`/api/v1/customers/${survivor}`);
      for (const [method, path, body] of [
        ['PATCH', '', {}],
        ['DELETE', '', undefined],
        ['POST', '/restore', undefined],
        ['POST', '/status', { status: 'customer' }],
      ] as const)
        expect(await call(method, `customers/${loser}${path}`, body)).toMatchObject({
          ...{ status: 409, body: { code: 'customer_merged', mergedInto: survivor } },
        });
      expect((await call('GET', `customers/trash?id=${loser}`)).body.data).toEqual([]);
      expect((await call('GET', `customers?id=${loser}`)).body.data).toEqual([]);
      await merge(last, survivor);
      expect((await call('GET', `customers/${loser}`)).headers.location).toBe(`/api/v1/customers/${last}`);
    });

    it('who withdrew what either withdrew', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      await consent(survivor, 'news', true);
      await consent(survivor, 'calls', false);
      await consent(loser, 'news', false);
      await consent(loser, 'calls', true);
      await consent(loser, 'offers', true);
      const { body } = await merge(survivor, loser);
      expect(await holding(survivor)).toEqual({ news: false, calls: false, offers: true });
      await undo(body.id);
      expect(await holding(survivor)).toEqual({ news: true, calls: false });
      expect(await holding(loser)).toEqual({ news: false, calls: true, offers: true });
    });

    it('with an address opted out of where either did', async () => {
      const phone = '+4930123457';
      const [survivor, loser] = [await aCustomer({ phone }), await aCustomer({ phone })];
      const { contactPoints } = await read(loser);
      await call('PATCH', `customers/${loser}/contact-points/${contactPoints[0].id}`, { optedOut: true });
      await merge(survivor, loser);
      expect((await read(survivor)).contactPoints).toMatchObject([
        { normalized: phone, optedOut: true, isPrimary: true },
      ]);
    });

    it('with the companies and the referrals of both, without a cycle', async () => {
      const [survivor, loser, between] = [await aCustomer(), await aCustomer(), await aCustomer()];
      const [shared, theirs] = [newId(), newId()].map((name) => call('POST', 'companies', { name }));
      const [a, b] = [(await shared!).body.id, (await theirs!).body.id];
      await call('PUT', `companies/${a}/contacts/${survivor}`, { role: 'Director' });
      await call('PUT', `companies/${a}/contacts/${loser}`, { role: 'Clerk' });
      await call('PUT', `companies/${b}/contacts/${loser}`, { role: 'Clerk' });
      await call('PUT', `customers/${between}/referrer`, { customerId: loser });
      await call('PUT', `customers/${survivor}/referrer`, { customerId: between });
      const { body } = await merge(survivor, loser);
      const companies = await call('GET', `customers/${survivor}/companies`);
      expect(companies.body.data.map(({ role }: { role: string }) => role).sort()).toEqual(['Clerk', 'Director']);
      expect((await read(between)).referredBy).toBe(survivor);
      expect((await read(survivor)).referredBy).toBeNull();
      expect((await undo(body.id)).status).toBe(200);
      expect((await read(between)).referredBy).toBe(loser);
      expect((await read(survivor)).referredBy).toBe(between);
      expect((await call('GET', `customers/${loser}/companies`)).body.data).toHaveLength(2);
    });

    it('on record with what both were, told of once, and in the timeline', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer({ firstName: 'Loser' })];
      const { body } = await merge(survivor, loser);
      const audited = await slice.superuser.query(
        `select actor_id, before, after from audit_log where entity = 'customers' and entity_id = $1 and action = 'merged'`,
        [survivor],
      );
      expect(audited.rows).toEqual([
        expect.objectContaining({
          actor_id: boss!.userId,
          before: expect.objectContaining({
            survivor: expect.objectContaining({ firstName: 'Mira' }),
            loser: expect.objectContaining({ firstName: 'Loser' }),
          }),
        }),
      ]);
      const told = await slice.superuser.query(
        `select payload from outbox where type = 'customers.merged' and payload->>'mergeId' = $1`,
        [body.id],
      );
      expect(told.rows).toEqual([{ payload: { customerId: survivor, otherId: loser, mergeId: body.id } }]);
      const timeline = await call('GET', `customers/${survivor}/timeline?kind=customers.merged`);
      expect(timeline.body.data).toMatchObject([{ details: { mergedFrom: loser } }]);
      expect((await call('GET', `customers/${survivor}/history?action=merged`)).body.data).toHaveLength(1);
    });

    it('once, however often and from however many it is asked', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      const asked = await Promise.all(Array.from({ length: 6 }, () => merge(survivor, loser)));
      expect(asked.map(({ status }) => status)).toEqual(Array<number>(6).fill(201));
      expect(new Set(asked.map(({ body }) => body.id)).size).toBe(1);
      expect(await merge(await aCustomer(), loser)).toMatchObject({
        status: 409,
        body: { code: 'customer_merged', mergedInto: survivor },
      });
    });

    it('of A into B and of B into A at once, one', async () => {
      for (let round = 0; round < 5; round++) {
        const [a, b] = [await aCustomer({ email: anEmail() }), await aCustomer({ email: anEmail() })];
        const answers = await Promise.all([merge(a, b), merge(b, a)]);
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
        expect(answers.find(({ status }) => status === 409)?.body.code).toBe('customer_merged');
      }
    });

    it('in a ring of merges at once without losing anybody', async () => {
      const ring = await Promise.all(Array.from({ length: 6 }, () => aCustomer({ email: anEmail() })));
      const answers = await Promise.all(ring.map((id, n) => merge(id, ring[(n + 1) % ring.length]!)));
      expect(answers.every(({ status }) => [201, 409].includes(status))).toBe(true);
      const { rows } = await slice.superuser.query<{ id: string; merged_into: string | null; points: number }>(
        'select id, merged_into, (select count(*)::int from customer_contact_points p where p.customer_id = c.id) as points from customers c where id = any ($1)',
        [ring],
      );
      expect(rows.filter(({ merged_into }) => merged_into === null).length).toBe(
        ring.length - answers.filter(({ status }) => status === 201).length,
      );
      expect(rows.reduce((sum, { points }) => sum + points, 0)).toBe(ring.length);
    });

    it('while a consent is recorded and a company joined under the id that goes', async () => {
      for (let round = 0; round < 5; round++) {
        const [survivor, loser] = [await aCustomer(), await aCustomer()];
        const company = (await call('POST', 'companies', { name: newId() })).body.id as string;
        const said = { channel: 'email', purpose: 'news', granted: false, source: 'test' };
        const [merged, recorded, joined] = await Promise.all([
          merge(survivor, loser),
          call('POST', `customers/${loser}/consents`, said),
          call('PUT', `companies/${company}/contacts/${loser}`, { role: 'x' }),
        ]);
        expect(merged.status).toBe(201);
        const left = await slice.superuser.query(
          `select 1 from customer_consents where customer_id = $1 union all select 1 from company_contacts where customer_id = $1`,
          [loser],
        );
        expect(left.rowCount).toBe(0);
        const kept = await slice.superuser.query<{ n: number }>(
          `select ((select count(*) from customer_consents where customer_id = $1) + (select count(*) from company_contacts where customer_id = $1))::int as n`,
          [survivor],
        );
        expect(kept.rows[0]!.n).toBe([recorded, joined].filter(({ status }) => status < 300).length);
      }
    });
  });

  describe('are two again', () => {
    it('with what each had, but for what was changed since', async () => {
      const [one, other] = [anEmail(), anEmail()];
      const survivor = await aCustomer({ email: one });
      const loser = await aCustomer({ lastName: 'Berg', email: other, company: 'Berg & Co', phone: '+4930123458' });
      const { body } = await merge(survivor, loser, { lastName: 'loser', email: 'loser' });
      await call('PATCH', `customers/${survivor}`, { lastName: 'Okafor-Berg' });
      const undone = await undo(body.id);
      expect(undone).toMatchObject({ status: 200, body: { state: 'undone', undoneBy: boss!.userId } });
      expect(await read(survivor)).toMatchObject({ lastName: 'Okafor-Berg', email: one, phone: null, company: null });
      expect(await read(loser)).toMatchObject({
        lastName: 'Berg',
        email: other,
        phone: '+4930123458',
        company: 'Berg & Co',
      });
      expect(await undo(body.id)).toMatchObject({ status: 409, body: { code: 'merge_undone' } });
      expect((await merge(survivor, loser)).status).toBe(201);
    });

    it('of a chain from its end', async () => {
      const [a, b, c] = [await aCustomer({ email: anEmail() }), await aCustomer(), await aCustomer()];
      const { email } = await read(a);
      const [first, second] = [(await merge(b, a)).body.id, (await merge(c, b)).body.id];
      expect(await undo(first)).toMatchObject({ status: 409, body: { code: 'customer_merged', mergedInto: c } });
      expect((await undo(second)).status).toBe(200);
      expect(await read(b)).toMatchObject({ email });
      expect((await call('GET', `customers/${a}`)).headers.location).toBe(`/api/v1/customers/${b}`);
      expect((await undo(first)).status).toBe(200);
      expect(await read(a)).toMatchObject({ email });
      expect(await read(b)).toMatchObject({ email: null });
    });

    it('once, however many ask at once', async () => {
      const [survivor, loser] = [await aCustomer(), await aCustomer({ email: anEmail() })];
      const { body } = await merge(survivor, loser);
      const asked = await Promise.all(Array.from({ length: 5 }, () => undo(body.id)));
      expect(asked.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    });

    it('unless an address went to somebody else since', async () => {
      const email = anEmail();
      const [survivor, loser] = [await aCustomer(), await aCustomer({ email })];
      const { body } = await merge(survivor, loser);
      await call('PATCH', `customers/${survivor}`, { email: null });
      await aCustomer({ email });
      expect(await undo(body.id)).toMatchObject({ status: 409, body: { code: 'email_taken' } });
      expect((await call('GET', `customers/${loser}`)).status).toBe(301);
    });
  });

  it('are within reach of whoever merges, and of one tenant', async () => {
    const [mine, also, theirs, foreign] = [
      await aCustomer({}, clerk),
      await aCustomer({}, clerk),
      await aCustomer(),
      await aCustomer({}, foreigner),
    ];
    expect((await merge(mine, theirs, {}, clerk)).status).toBe(404);
    expect((await merge(theirs, mine, {}, clerk)).status).toBe(404);
    expect((await merge(mine, foreign)).status).toBe(404);
    expect((await merge(foreign, mine)).status).toBe(404);
    expect((await merge(mine, newId())).status).toBe(404);
    expect((await merge(mine, mine)).body).toMatchObject({ status: 422, code: 'merged_with_itself' });
    const { body } = await merge(mine, also, {}, clerk);
    expect((await undo(body.id, foreigner)).status).toBe(404);
    expect((await call('GET', `merges/${body.id}`, undefined, foreigner)).status).toBe(404);
    expect((await call('GET', 'merges', undefined, foreigner)).body.data).toEqual([]);
    const hidden = (await merge(theirs, await aCustomer())).body.id;
    expect((await call('GET', `merges/${hidden}`, undefined, clerk)).status).toBe(404);
    expect((await undo(hidden, clerk)).status).toBe(404);
    expect((await call('GET', 'merges', undefined, clerk)).body.data).toHaveLength(1);
    const gone = await aCustomer();
    await call('DELETE', `customers/${gone}`);
    expect((await merge(mine, gone)).body.code).toBe('customer_in_trash');
    expect((await merge(gone, mine)).body.code).toBe('customer_in_trash');
  });

  it('have no more contact points than one may have', async () => {
    const points = (n: number) =>
      Array.from({ length: n }, (_, at) => ({ kind: 'phone', value: `+4930${String(n * 100_000 + at)}` }));
    const [one, other] = [
      await aCustomer({ contactPoints: points(11) }),
      await aCustomer({ contactPoints: points(10) }),
    ];
    expect((await merge(one, other)).body).toMatchObject({ status: 422, code: 'too_many_contact_points' });
    expect((await read(other)).id).toBe(other);
  });

  it.each<[Method, string, unknown]>([
    ['POST', 'customers/merge', { survivorId: newId(), loserId: newId() }],
    ['GET', 'merges', undefined],
    ['GET', `merges/${newId()}`, undefined],
    ['POST', `merges/${newId()}/undo`, undefined],
  ])('want for %s %s the permission', async (method, path, body) => {
    const without = await signIn(slice, { grants: GRANTS.filter((grant) => grant !== 'customers:merge') });
    expect(await call(method, path, body, without)).toMatchObject({
      status: 403,
      body: { permission: 'customers:merge' },
    });
  });
});
