import { newId } from '@app/kernel';
import { type SignedIn, signIn } from '@app/auth/testing';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CustomerPermissions as may } from './customer.policy.js';
import { customersContexts } from './testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

describe('customers over HTTP', () => {
  let slice: Slice;
  let admin: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    admin = await signIn(slice, { grants: Object.values(may) });
  });
  afterAll(() => slice.close());

  const send = (
    method: Method,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    { token }: { token: string } = admin,
  ) => slice.http(method, `/api/v1/customers${path}`, { token, body, headers });
  const address = (): string => `${newId()}@okafor.example`;
  const create = async (over: object = {}, by: SignedIn = admin) =>
    (await send('POST', '', { firstName: 'Mira', lastName: 'Okafor', email: address(), ...over }, {}, by)).body;

  describe('one customer', () => {
    it('is created with its contact points, where it is and which version it has', async () => {
      const email = address();
      const { status, headers, body } = await send('POST', '', {
        firstName: ' Mira ',
        lastName: 'Okafor',
        email: email.toUpperCase(),
        phone: '030 123456',
        country: 'DE',
        company: 'Okafor Logistics',
        metadata: { industry: 'logistics' },
      });
      expect(status).toBe(201);
      expect(headers).toMatchObject({ location: `/api/v1/customers/${body.id}`, etag: '"1"' });
      const point = { label: null, isPrimary: true, isVerified: false, optedOut: false, id: expect.any(String) };
      expect(body).toEqual({
        id: expect.any(String),
        firstName: 'Mira',
        lastName: 'Okafor',
        email,
        phone: '+4930123456',
        company: 'Okafor Logistics',
        ...{ birthday: null, timeZone: null, language: null, preferredChannel: null, quietHours: null },
        status: 'lead',
        level: null,
        levelPin: null,
        metadata: { industry: 'logistics' },
        customFields: {},
        source: 'api',
        teamId: null,
        referredBy: null,
        createdBy: admin.userId,
        assignedTo: null,
        contactPoints: [
          { ...point, kind: 'email', value: email.toUpperCase(), normalized: email, country: null },
          { ...point, kind: 'phone', value: '030 123456', normalized: '+4930123456', country: 'DE' },
        ],
        version: 1,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
      });
      expect((await send('GET', `/${body.id}`)).body).toEqual(body);
      expect((await send('GET', `/${body.id}`, undefined, { 'if-none-match': '"1"' })).status).toBe(304);
    });

    it('is created once for one Idempotency-Key', async () => {
      const body = { firstName: 'Once', email: address() };
      const first = await send('POST', '', body, { 'idempotency-key': 'create-once' });
      const again = await send('POST', '', body, { 'idempotency-key': 'create-once' });
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(again.body).toEqual(first.body);
    });

    it('is refused with the fault of each field', async () => {
      const { status, body } = await send('POST', '', {
        firstName: '',
        lastName: 'a\u0007b',
        email: 'nobody',
        phone: '030 123456',
        country: 'XX',
        teamId: '1',
        metadata: [],
        status: 'blocked',
        level: 'gold',
        createdBy: newId(),
        contactPoints: [{ kind: 'fax', value: '1' }],
      });
      expect(status).toBe(400);
      expect(body.code).toBe('validation_failed');
      const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
      expect(new Set(pointers)).toEqual(
        new Set([
          '/firstName',
          '/lastName',
          '/email',
          '/phone',
          '/country',
          '/teamId',
          '/metadata',
          '/status',
          '/level',
          '/createdBy',
          '/contactPoints/0/kind',
          '/contactPoints/0/value',
        ]),
      );
    });

    it.each<[string, unknown]>([
      ['NUL', { firstName: 'a\u0000b' }],
      ['a lone surrogate', { firstName: 'a\ud800' }],
      ['a long name', { firstName: 'x'.repeat(900_000) }],
      ['a name that is no text', { firstName: { toString: 'x' } }],
      ['a name of nothing but space', { firstName: ' \u00a0 ' }],
      ['a line break', { firstName: 'Mira\r\nBcc: all@example.com' }],
      ['an array', []],
      ['no status', { firstName: 'Mira', status: null }],
      ['no list of contact points', { firstName: 'Mira', contactPoints: null }],
      ['a list of lists of contact points', { firstName: 'Mira', contactPoints: [[]] }],
      [
        'a flag that is none',
        { firstName: 'Mira', contactPoints: [{ kind: 'email', value: 'mira@okafor.example', isVerified: null }] },
      ],
      ['metadata with NUL', { firstName: 'Mira', metadata: { 'a\u0000': 1 } }],
      ['large metadata', { firstName: 'Mira', metadata: { text: 'x'.repeat(20_000) } }],
      ['deep metadata', { firstName: 'Mira', metadata: JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`) }],
    ])('refuses %s', async (_, body) => {
      expect((await send('POST', '', body)).status).toBe(400);
    });

    it('refuses what would change a prototype', async () => {
      const headers = { 'content-type': 'application/json' };
      const given = {
        token: admin.token,
        headers,
        body: '{"firstName":"Mira","metadata":{"__proto__":{"isAdmin":true}}}',
      };
      expect((await slice.http('POST', '/api/v1/customers', given)).status).toBe(400);
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    });

    it('names whose an address is', async () => {
      const { id, email } = await create();
      const { status, body } = await send('POST', '', { firstName: 'Twin', email });
      expect(status).toBe(409);
      expect(body).toMatchObject({
        code: 'email_taken',
        existingId: id,
        errors: [{ pointer: '/email', code: 'email_taken' }],
      });
    });

    it('is replaced as a whole by PUT, and in part by PATCH', async () => {
      const { id, contactPoints } = await create({ company: 'Okafor Logistics', metadata: { a: 1, b: 2 } });
      const patched = await send(
        'PATCH',
        `/${id}`,
        { company: null, metadata: { b: null, c: 3 } },
        { 'if-match': '"1"' },
      );
      expect(patched).toMatchObject({
        status: 200,
        body: { company: null, lastName: 'Okafor', metadata: { a: 1, c: 3 }, contactPoints, version: 2 },
      });
      expect(patched.headers.etag).toBe('"2"');
      const put = await send('PUT', `/${id}`, { firstName: 'Miriam' });
      expect(put).toMatchObject({
        status: 200,
        body: { firstName: 'Miriam', lastName: '', email: null, metadata: {}, contactPoints: [], version: 3 },
      });
    });

    it('keeps its name when a patch would empty it', async () => {
      const { id } = await create();
      expect((await send('PATCH', `/${id}`, { firstName: null })).status).toBe(400);
      expect((await send('PATCH', `/${id}`, {})).body).toMatchObject({ firstName: 'Mira', version: 1 });
    });

    it.each([
      'status',
      'level',
      'levelPin',
      'assignedTo',
      'createdBy',
      'tenantId',
      'version',
      'deletedAt',
      'wonAt',
      'contactPoints',
    ])('does not take %s by PUT or PATCH', async (field) => {
      const { id } = await create();
      for (const method of ['PUT', 'PATCH'] as const) {
        const { status, body } = await send(method, `/${id}`, { firstName: 'Mira', [field]: null });
        expect({ status, errors: body.errors }).toMatchObject({
          status: 400,
          errors: [{ pointer: `/${field}`, code: 'unknown_field' }],
        });
      }
    });

    it('refuses a stale writer and says which version there is', async () => {
      const { id } = await create();
      await send('PATCH', `/${id}`, { firstName: 'New' });
      const { status, body } = await send('PATCH', `/${id}`, { firstName: 'Newer' }, { 'if-match': '"1"' });
      expect({ status, ...body }).toMatchObject({ status: 412, code: 'version_conflict', current: 2 });
    });

    it('moves by its state machine, by POST and by PATCH', async () => {
      const { id } = await create();
      const won = await send('POST', `/${id}/status`, { status: 'customer', reason: 'Signed' });
      expect(won).toMatchObject({ status: 200, body: { status: 'customer', version: 2 } });
      expect((await send('PATCH', `/${id}/status`, { status: 'inactive' })).body.status).toBe('inactive');
      const refused = await send('POST', `/${id}/status`, { status: 'lead' });
      expect(refused).toMatchObject({
        status: 409,
        body: {
          code: 'invalid_transition',
          from: 'inactive',
          to: 'lead',
          allowed: ['prospect', 'customer', 'blocked'],
        },
      });
      expect((await send('POST', `/${id}/status`, { status: 'friend' })).status).toBe(400);
    });

    it('is assigned to an active user and to nobody', async () => {
      const { id } = await create();
      const clerk = await signIn(slice);
      expect((await send('POST', `/${id}/assign`, { userId: clerk.userId })).body).toMatchObject({
        assignedTo: clerk.userId,
      });
      expect((await send('POST', `/${id}/assign`, { userId: null })).body).toMatchObject({ assignedTo: null });
      expect(await send('POST', `/${id}/assign`, { userId: newId() })).toMatchObject({
        status: 422,
        body: { code: 'assignee_unavailable' },
      });
      expect((await send('POST', `/${id}/assign`, {})).status).toBe(400);
    });

    it('goes into the trash, comes back, and goes for good', async () => {
      const { id } = await create();
      expect(await send('DELETE', `/${id}?permanent=true`)).toMatchObject({
        status: 409,
        body: { code: 'customer_not_in_trash' },
      });
      expect(await send('DELETE', `/${id}?reason=Spam`)).toMatchObject({ status: 204, body: '' });
      expect((await send('GET', `/${id}`)).status).toBe(404);
      expect(await send('PATCH', `/${id}`, { firstName: 'New' })).toMatchObject({
        status: 409,
        body: { code: 'customer_in_trash' },
      });
      const trash = await send('GET', '/trash?limit=100');
      expect(trash.body.data.find((one: { id: string }) => one.id === id)).toMatchObject({
        deletedBy: admin.userId,
        deletedBecause: 'Spam',
      });
      expect(await send('POST', `/${id}/restore`)).toMatchObject({ status: 200, body: { id } });
      await send('DELETE', `/${id}`);
      expect((await send('DELETE', `/${id}?permanent=true`)).status).toBe(204);
      expect((await send('POST', `/${id}/restore`)).status).toBe(404);
      expect((await send('DELETE', `/${id}?forever=true`)).status).toBe(400);
    });

    it('takes an id only as an id', async () => {
      expect(await send('GET', "/1'%20or%20'1'='1")).toMatchObject({
        status: 400,
        body: { code: 'validation_failed' },
      });
    });
  });

  describe('its contact points', () => {
    it('are added, changed and removed under the version of the customer', async () => {
      const { id, email } = await create();
      const added = await send(
        'POST',
        `/${id}/contact-points`,
        { kind: 'email', value: address(), label: 'private' },
        { 'if-match': '"1"' },
      );
      expect(added).toMatchObject({ status: 201, body: { label: 'private', isPrimary: false, version: 2 } });
      expect(added.headers).toMatchObject({
        location: `/api/v1/customers/${id}/contact-points/${added.body.id}`,
        etag: '"2"',
      });
      const path = `/${id}/contact-points/${added.body.id}`;
      expect((await send('GET', path)).body).toEqual(added.body);
      expect((await send('PATCH', path, { isPrimary: true, isVerified: true })).body).toMatchObject({
        isPrimary: true,
        isVerified: true,
        version: 3,
      });
      expect((await send('GET', `/${id}`)).body.email).toBe(added.body.normalized);
      expect((await send('DELETE', path, undefined, { 'if-match': '"2"' })).status).toBe(412);
      expect((await send('DELETE', path)).status).toBe(204);
      expect((await send('GET', `/${id}`)).body).toMatchObject({ email, version: 4 });
      expect((await send('GET', path)).status).toBe(404);
    });

    it('are refused when they are none, or the customer’s or another’s already', async () => {
      const { id, email } = await create();
      const other = await create();
      const add = (body: object) => send('POST', `/${id}/contact-points`, body);
      expect(await add({ kind: 'phone', value: '030 123456' })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/value' }] },
      });
      expect(await add({ kind: 'email', value: email })).toMatchObject({
        status: 409,
        body: { code: 'contact_point_exists' },
      });
      expect(await add({ kind: 'email', value: other.email })).toMatchObject({
        status: 409,
        body: { code: 'email_taken', existingId: other.id },
      });
      expect(await send('PATCH', `/${id}/contact-points/${newId()}`, { label: 'x' })).toMatchObject({ status: 404 });
    });
  });

  describe('its consents', () => {
    it('are recorded and listed, and nothing can change them', async () => {
      const { id } = await create();
      const body = {
        channel: 'email',
        purpose: 'newsletter',
        granted: true,
        source: 'web form',
        proof: 'I agree.\nReally.',
        ip: '203.0.113.7',
      };
      const recorded = await send('POST', `/${id}/consents`, body);
      expect(recorded).toMatchObject({ status: 201, body: { ...body, recordedBy: admin.userId } });
      await send('POST', `/${id}/consents`, { ...body, granted: false, proof: null, ip: null });
      const { data, meta } = (await send('GET', `/${id}/consents`)).body;
      expect(data.map(({ granted }: { granted: boolean }) => granted)).toEqual([false, true]);
      expect(data[1]).toEqual(recorded.body);
      expect(meta.total).toBe(2);
      await expect(
        slice.as(admin.actor, () => slice.db.query('update customer_consents set granted = true')),
      ).rejects.toMatchObject({ code: '42501' });
      await expect(slice.as(admin.actor, () => slice.db.query('delete from customer_consents'))).rejects.toMatchObject({
        code: '42501',
      });
    });

    it('go when the customer goes for good', async () => {
      const { id } = await create();
      await send('POST', `/${id}/consents`, { channel: 'sms', purpose: 'news', granted: true, source: 'phone' });
      await send('DELETE', `/${id}`);
      expect((await send('DELETE', `/${id}?permanent=true`)).status).toBe(204);
      expect(
        (await slice.superuser.query('select 1 from customer_consents where customer_id = $1', [id])).rows,
      ).toEqual([]);
    });
  });

  describe('its history and timeline', () => {
    it('tell each change with who made it', async () => {
      const { id } = await create();
      const clerk = await signIn(slice);
      await send('POST', `/${id}/status`, { status: 'customer', reason: 'Signed' });
      await send('POST', `/${id}/assign`, { userId: clerk.userId });
      await send('PATCH', `/${id}`, { email: 'new@history.example' });
      await send('POST', `/${id}/consents`, {
        channel: 'email',
        purpose: 'newsletter',
        granted: true,
        source: 'phone',
      });
      const history = (await send('GET', `/${id}/history`)).body;
      expect(history.data.map(({ action }: { action: string }) => action)).toEqual([
        'updated',
        'updated',
        'updated',
        'created',
      ]);
      expect(history.data[2]).toMatchObject({
        entity: 'customers',
        entityId: id,
        actorId: admin.userId,
        actorName: admin.actor.name,
        before: { status: 'lead', statusReason: null },
        after: { status: 'customer', statusReason: 'Signed' },
      });
      expect(history.data[3].after).not.toHaveProperty('tenantId');
      expect((await send('GET', `/${id}/history?limit=2`)).body.meta).toMatchObject({ total: 4, hasNext: true });

      const timeline = (await send('GET', `/${id}/timeline`)).body;
      expect(timeline.data.map(({ title }: { title: string }) => title)).toEqual([
        'Agreed to newsletter by email',
        'Changed',
        'Assigned',
        'Became customer',
        'Created as lead',
      ]);
      expect(timeline.data[1]).toMatchObject({
        kind: 'customers.updated',
        details: { fields: ['email'] },
        ref: { resource: 'customers', id },
        actorId: admin.userId,
      });
      expect(timeline.meta).toEqual({
        page: null,
        limit: 20,
        total: null,
        totalPages: null,
        hasNext: false,
        hasPrev: false,
        nextCursor: null,
      });
    });

    it('go on by cursor in both orders without gap or repetition', async () => {
      const { id } = await create();
      for (let index = 0; index < 7; index++) await send('PATCH', `/${id}`, { firstName: `Name ${index}` });
      for (const order of ['desc', 'asc']) {
        const read: string[] = [];
        let cursor: string | null = '';
        for (let page = 0; page < 10 && cursor !== null; page++) {
          const { body } = await send('GET', `/${id}/timeline?limit=3&order=${order}${cursor && `&cursor=${cursor}`}`);
          read.push(...body.data.map((entry: { id: string }) => entry.id));
          cursor = body.meta.nextCursor;
        }
        const all = (await send('GET', `/${id}/timeline?limit=100&order=${order}`)).body.data.map(
          (entry: { id: string }) => entry.id,
        );
        expect(all).toHaveLength(8);
        expect(read).toEqual(all);
      }
    });

    it('can be narrowed to kinds that exist', async () => {
      const { id } = await create();
      await send('PATCH', `/${id}`, { firstName: 'New' });
      const kinds = 'customers.created,customers.assigned';
      const { data } = (await send('GET', `/${id}/timeline?kind=${kinds}`)).body;
      expect(data.map(({ kind }: { kind: string }) => kind)).toEqual(['customers.created']);
      expect(await send('GET', `/${id}/timeline?kind=customers.loved`)).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: 'query/kind' }] },
      });
      for (const query of ['limit=0', 'limit=1e9', 'order=up', 'cursor=abc', 'colour=red', 'limit=5&limit=6']) {
        expect((await send('GET', `/${id}/timeline?${query}`)).status).toBe(400);
      }
    });
  });

  describe('the list', () => {
    let team: string;
    beforeAll(async () => {
      team = newId();
      await signIn(slice, { teams: [team] });
      for (const n of [1, 2, 3])
        await create({
          firstName: `Listed ${n}`,
          company: 'List & Co',
          teamId: team,
          status: n === 3 ? 'customer' : 'lead',
        });
    });

    it('pages, filters, sorts and searches in one envelope', async () => {
      const { status, body, headers } = await send('GET', '?company=List%20%26%20Co&sort=createdAt&limit=2');
      expect(status).toBe(200);
      expect(body.data.map(({ firstName }: { firstName: string }) => firstName)).toEqual(['Listed 1', 'Listed 2']);
      expect(body.data[0].contactPoints).toHaveLength(1);
      expect(body.meta).toMatchObject({ page: 1, limit: 2, total: 3, totalPages: 2, hasNext: true });
      expect(headers.link).toContain('rel="next"');
      const filtered = await send(
        'GET',
        '?company=List%20%26%20Co&status=customer,blocked&level[null]=true&assignedTo[null]=true',
      );
      expect(filtered.body.data).toMatchObject([{ firstName: 'Listed 3', status: 'customer' }]);
      expect((await send('GET', '?q=listed%20list&fields=firstName')).body.data).toContainEqual({
        id: expect.any(String),
        firstName: 'Listed 1',
      });
    });

    it('leaves out what is in the trash', async () => {
      const { id, email } = await create();
      const found = async () => (await send('GET', `?email=${email}`)).body.data.length;
      expect(await found()).toBe(1);
      await send('DELETE', `/${id}`);
      expect(await found()).toBe(0);
    });

    it('searches by a condition tree', async () => {
      const where = {
        all: [{ field: 'company', op: 'starts', value: 'list' }, { not: { field: 'status', op: 'eq', value: 'lead' } }],
      };
      const { status, body } = await send('POST', '/search', { where, fields: ['firstName'] });
      expect({ status, data: body.data }).toEqual({
        status: 200,
        data: [{ id: expect.any(String), firstName: 'Listed 3' }],
      });
      expect((await send('POST', '/search', { where: { field: 'secret', op: 'eq', value: 1 } })).status).toBe(400);
    });

    it.each([
      'colour=red',
      'sort=nonsense',
      'status=friend',
      'limit=1000000000',
      'page=-1',
      'search_text=x',
      'metadata=x',
      'tenantId=x',
      'a[__proto__][x]=1',
    ])('refuses %s', async (query) => {
      expect(await send('GET', `?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
    });

    it('sends as many statements for 100 rows as for 1', async () => {
      const sentFor = async (limit: number): Promise<number> => {
        const before = statementsSent();
        await send('GET', `?limit=${limit}`);
        return statementsSent() - before;
      };
      await sentFor(1);
      const forOne = await sentFor(1);
      expect(await sentFor(100)).toBe(forOne);
      expect(forOne).toBeLessThanOrEqual(4); // rows, total, and the tenant where a connection was another's
    });
  });

  describe('who may what', () => {
    const PERMITTED: [Method, string, unknown, string][] = [
      ['GET', '', undefined, 'customers:read_all'],
      ['POST', '/search', {}, 'customers:read_all'],
      ['GET', '/trash', undefined, 'customers:restore'],
      ['GET', '/:id', undefined, 'customers:read_all'],
      ['GET', '/:id/timeline', undefined, 'customers:read_all'],
      ['GET', '/:id/history', undefined, 'customers:read_all'],
      ['GET', '/:id/consents', undefined, 'customers:read_all'],
      ['POST', '', { firstName: 'Mira' }, 'customers:create'],
      ['PUT', '/:id', { firstName: 'Mira' }, 'customers:update_all'],
      ['PATCH', '/:id', { firstName: 'Mira' }, 'customers:update_all'],
      ['POST', '/:id/status', { status: 'prospect' }, 'customers:update_all'],
      ['PATCH', '/:id/status', { status: 'customer' }, 'customers:update_all'],
      ['POST', '/:id/contact-points', { kind: 'phone', value: '+4930123456' }, 'customers:update_all'],
      [
        'POST',
        '/:id/consents',
        { channel: 'sms', purpose: 'news', granted: true, source: 'phone' },
        'customers:update_all',
      ],
      ['POST', '/:id/assign', { userId: null }, 'customers:assign_all'],
      ['DELETE', '/:id', undefined, 'customers:delete_all'],
      ['POST', '/:id/restore', undefined, 'customers:restore'],
    ];

    it('is asked of every route, by name', async () => {
      const { id } = await create();
      for (const [method, path, body, grant] of PERMITTED) {
        const others = PERMITTED.map(([, , , other]) => other).filter((other) => other !== grant);
        const without = await signIn(slice, { grants: [...new Set(others)] });
        const within = await signIn(slice, { grants: [grant] });
        const url = path.replace(':id', id);
        expect({
          method,
          path,
          status: (await slice.http(method, `/api/v1/customers${url}`, { body })).status,
        }).toEqual({ method, path, status: 401 });
        const refused = await send(method, url, body, {}, without);
        expect({ method, path, status: refused.status, permission: refused.body.permission }).toEqual({
          method,
          path,
          status: 403,
          permission: grant.replace(/_all$/, ''),
        });
        expect((await send(method, url, body, {}, within)).status, `${method} ${path}`).toBeLessThan(300);
      }
    });

    it('does not purge without the permission to', async () => {
      const { id } = await create();
      await send('DELETE', `/${id}`);
      const clerk = await signIn(slice, { grants: ['customers:delete_all'] });
      expect(await send('DELETE', `/${id}?permanent=true`, undefined, {}, clerk)).toMatchObject({
        status: 403,
        body: { permission: 'customers:purge' },
      });
    });

    it('purges for nobody whose session is all they show: it asks for a second factor, or the password, of the last minutes', async () => {
      const { id } = await create();
      const clerk = await signIn(slice, { grants: ['customers:delete_all', 'customers:purge'] });
      await slice.superuser.query(`update sessions set proven_at = now() - interval '11 minutes' where id = $1`, [
        clerk.sessionId,
      ]);
      expect((await send('DELETE', `/${id}`, undefined, {}, clerk)).status).toBe(204);
      expect((await send('DELETE', `/${id}?permanent=false`, undefined, {}, clerk)).body.code).not.toBe(
        'step_up_required',
      );
      for (const query of ['permanent=true', 'permanent=true&permanent=true', 'permanent=TRUE', 'permanent='])
        expect(await send('DELETE', `/${id}?${query}`, undefined, {}, clerk)).toMatchObject({
          status: 403,
          body: { code: 'step_up_required' },
        });
      expect((await send('DELETE', `/${id}?permanent=true`)).status).toBe(204); // somebody who has just logged in
    });

    it('keeps other tenants out without telling that there is something', async () => {
      const { id } = await create();
      const stranger = await signIn(slice, { tenantId: OTHER_TENANT, grants: Object.values(may) });
      for (const [method, path, body] of PERMITTED.filter(([, path]) => path.startsWith('/:id'))) {
        const { status, body: problem } = await send(method, path.replace(':id', id), body, {}, stranger);
        expect({ method, path, status, code: problem.code }).toEqual({ method, path, status: 404, code: 'not_found' });
      }
      expect((await send('GET', '', undefined, {}, stranger)).body.data).toEqual([]);
    });
  });

  describe('reach', () => {
    const team = newId();
    const otherTeam = newId();
    const GRANTS = ['customers:create', 'customers:assign_all'];
    let mate: SignedIn;
    let loner: SignedIn;
    const rows: Record<string, string> = {};

    beforeAll(async () => {
      mate = await signIn(slice, { grants: GRANTS, teams: [team] });
      loner = await signIn(slice, { grants: GRANTS, teams: [otherTeam] });
      const made = async (name: string, by: SignedIn, over: object, assignedTo?: string): Promise<void> => {
        const { id } = await create(over, by);
        if (assignedTo) await send('POST', `/${id}/assign`, { userId: assignedTo });
        rows[name] = id;
      };
      await made('a mate’s', mate, { teamId: null });
      await made('assigned to a mate', loner, { teamId: null }, mate.userId);
      await made('of my team, unassigned', loner, { teamId: team });
      await made('of my team, assigned elsewhere', loner, { teamId: team }, loner.userId);
      await made('a stranger’s', loner, { teamId: otherTeam });
    });

    it.each<[string, string[]]>([
      ['own', ['mine', 'assigned to me', 'of my team, unassigned']],
      [
        'team',
        [
          'mine',
          'assigned to me',
          'of my team, unassigned',
          'a mate’s',
          'assigned to a mate',
          'of my team, assigned elsewhere',
        ],
      ],
      [
        'all',
        [
          'mine',
          'assigned to me',
          'of my team, unassigned',
          'a mate’s',
          'assigned to a mate',
          'of my team, assigned elsewhere',
          'a stranger’s',
        ],
      ],
    ])('%s is the same on the list, on one record and for a change', async (scope, expected) => {
      const me = await signIn(slice, {
        grants: [...GRANTS, `customers:read_${scope}`, `customers:update_${scope}`],
        teams: [team],
      });
      const mine: Record<string, string> = { ...rows, mine: (await create({ teamId: null }, me)).id };
      const given = await create({ teamId: null }, loner);
      await send('POST', `/${given.id}/assign`, { userId: me.userId });
      mine['assigned to me'] = given.id;
      const listed: string[] = (await send('GET', '?limit=100', undefined, {}, me)).body.data.map(
        ({ id }: { id: string }) => id,
      );
      for (const [name, id] of Object.entries(mine)) {
        const reached = expected.includes(name);
        expect({ name, listed: listed.includes(id) }).toEqual({ name, listed: reached });
        expect({ name, status: (await send('GET', `/${id}`, undefined, {}, me)).status }).toEqual({
          name,
          status: reached ? 200 : 404,
        });
        expect({ name, status: (await send('PATCH', `/${id}`, {}, {}, me)).status }).toEqual({
          name,
          status: reached ? 200 : 404,
        });
        expect({ name, status: (await send('GET', `/${id}/timeline`, undefined, {}, me)).status }).toEqual({
          name,
          status: reached ? 200 : 404,
        });
      }
    });
  });
});
