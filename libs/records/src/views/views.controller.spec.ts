import { approvalsContexts } from '@app/approvals/testing';
import { type SignedIn, signIn } from '@app/auth/testing';
import { dealsContexts } from '@app/deals/testing';
import { inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { OwnershipPort, Ports, statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const USES = ['views:use', 'customers:create', 'customers:read_own', 'custom-fields:read'];
const SHARES = [
  ...USES,
  'views:share',
  'custom-fields:manage',
  'custom-fields:read-personal',
  'customers:read_all',
  'customers:update_all',
  'inquiries:read_all',
  'approvals:read_all',
  'approvals:decide_all',
];

describe('Views of lists', () => {
  let slice: Slice;
  let [ada, clara, bert]: SignedIn[] = [];
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...new Set([...dealsContexts, ...inquiriesContexts, ...approvalsContexts])] });
    ada = await signIn(slice, { grants: SHARES });
    clara = await signIn(slice, { grants: USES });
    bert = await signIn(slice, { grants: USES });
    const { superuser } = slice;
    await superuser.query(`select set_config('app.actor_id', $1, false), set_config('app.tenant_id', $2, false)`, [
      ada.userId,
      ada.actor.tenantId,
    ]);
    await superuser.query(`insert into teams (tenant_id, id, name) values ($1, $2, 'Sales')`, [
      ada.actor.tenantId,
      team,
    ]);
    for (const { userId } of [ada, clara])
      await superuser.query('insert into team_members (tenant_id, team_id, user_id) values ($1, $2, $3)', [
        ada.actor.tenantId,
        team,
        userId,
      ]);
  });
  afterAll(() => slice?.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, as = ada) =>
    slice.http(method, `/api/v1/${path}`, { token: as!.token, body });
  const save = (over: object = {}, as = ada) =>
    call('POST', 'views', { resource: 'customers', name: 'A view', ...over }, as);
  const aView = async (over: object = {}, as = ada): Promise<string> => {
    const { body, status } = await save(over, as);
    expect([status, body.errors]).toEqual([201, undefined]);
    return body.id;
  };
  const aCustomer = async (over: object = {}, as = ada): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', ...over }, as)).body.id;
  const shown = async (view: string, as = ada, more = ''): Promise<string[]> => {
    const { body } = await call('GET', `customers?view=${view}${more}`, undefined, as);
    expect(body.errors).toBeUndefined();
    return body.data.map(({ id }: { id: string }) => id);
  };
  const where = (field: string, value: unknown, op = 'eq') => ({ field, op, value });

  it('show a list as it was saved, and narrower or in another order where more is asked', async () => {
    const lastName = `N${newId()}`;
    const ids = [
      await aCustomer({ lastName, company: 'B' }),
      await aCustomer({ lastName, company: 'A' }),
      await aCustomer({ lastName }),
    ];
    const made = await save({
      name: 'Ours',
      where: { all: [where('lastName', lastName), where('company', false, 'null')] },
      sort: '-createdAt',
      columns: ['company'],
    });
    expect(made).toMatchObject({
      status: 201,
      body: { audience: 'private', isDefault: false, problems: [], columns: ['id', 'company'], version: 1 },
    });
    const view = made.body.id;
    expect(await shown(view)).toEqual([ids[1], ids[0]]);
    expect((await call('GET', `customers?view=${view}`)).body.data[0]).toEqual({ id: ids[1], company: 'A' });
    expect(await shown(view, ada, '&sort=createdAt&company=B')).toEqual([ids[0]]);
    expect((await call('GET', `customers?view=${view}&fields=lastName`)).body.data[0]).toEqual({
      id: ids[1],
      lastName,
    });
    const page = (await call('GET', `customers?view=${view}&limit=1&cursor=`)).body;
    expect(await shown(view, ada, `&limit=1&cursor=${page.meta.nextCursor}`)).toEqual([ids[0]]);
    expect((await call('GET', `customers?limit=1&cursor=${page.meta.nextCursor}`)).body.errors).toMatchObject([
      { code: 'cursor_mismatch' },
    ]);
  });

  it('are saved as the query string of the list as well', async () => {
    const { body } = await save({
      query: 'status=lead,prospect&company[null]=true&sort=lastName&fields=lastName,email',
    });
    expect(body).toMatchObject({
      sort: 'lastName',
      columns: ['id', 'lastName', 'email'],
      where: { all: [{ field: 'company' }, { field: 'status', op: 'in' }] },
    });
    expect((await call('PATCH', `views/${body.id}`, { query: 'status=lead' })).body).toMatchObject({
      sort: null,
      columns: null,
      version: 2,
    });
  });

  it.each<[string, object, number, string]>([
    ['of a list that there is not', { resource: 'orders' }, 422, 'viewed_list_unknown'],
    ['of a field that there is not', { where: { field: 'colour', op: 'eq', value: 'red' } }, 400, 'invalid_view'],
    ['of a field of the prototype', { where: { field: '__proto__', op: 'eq', value: 'x' } }, 400, 'invalid_view'],
    ['in an order that there is not', { sort: 'email' }, 400, 'invalid_view'],
    ['with a column that there is not', { columns: ['colour'] }, 400, 'invalid_view'],
    ['with a page', { query: 'status=lead&page=2' }, 400, 'invalid_view'],
    ['of another view', { query: 'view=01920000-0001-7029-8000-000000000001' }, 400, 'invalid_view'],
    ['said twice', { query: 'status=lead', sort: 'lastName' }, 400, 'invalid_view'],
    ['of a team that is nobody’s', { audience: 'team' }, 422, 'view_team_unknown'],
    ['of a team that one does not belong to', { audience: 'team', teamId: newId() }, 422, 'view_team_unknown'],
    ['of a team and private', { teamId: newId() }, 422, 'view_team_unknown'],
  ])('%s are refused', async (_, over, status, code) => {
    expect(await save(over)).toMatchObject({ status, body: { code } });
  });

  it('are seen by those they are for, and run under the rights of whoever uses them', async () => {
    const lastName = `N${newId()}`;
    const [hers, his] = [await aCustomer({ lastName }, clara), await aCustomer({ lastName }, bert)];
    const terms = { where: where('lastName', lastName), sort: 'createdAt' };
    const [own, teams, all] = [
      await aView(terms),
      await aView({ ...terms, audience: 'team', teamId: team }),
      await aView({ ...terms, audience: 'tenant' }),
    ];
    for (const [view, isHers, isHis] of [
      [own, false, false],
      [teams, true, false],
      [all, true, true],
    ] as const) {
      expect(await shown(view)).toEqual([hers, his]);
      expect((await call('GET', `customers?view=${view}`, undefined, clara)).status).toBe(isHers ? 200 : 400);
      expect((await call('GET', `views/${view}`, undefined, bert)).status).toBe(isHis ? 200 : 404);
    }
    expect([await shown(all, clara), await shown(all, bert), await shown(teams, clara)]).toEqual([
      [hers],
      [his],
      [hers],
    ]);
    const listed = (await call('GET', 'views?resource=customers', undefined, bert)).body.data.map(
      ({ id }: { id: string }) => id,
    );
    expect([listed.includes(all), listed.includes(teams), listed.includes(own)]).toEqual([true, false, false]);
    const outsider = await signIn(slice, { grants: ['customers:read_all'] });
    expect((await call('GET', `customers?view=${all}`, undefined, outsider)).body.errors).toMatchObject([
      { pointer: 'query/view', code: 'unknown_view' },
    ]);
    const foreigner = await signIn(slice, { grants: SHARES, tenantId: OTHER_TENANT });
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['PUT', '/default'],
    ] as [Method, string][])
      expect((await call(method, `views/${all}${path}`, method === 'GET' ? undefined : {}, foreigner)).status).toBe(
        404,
      );
    expect((await call('GET', `customers?view=${all}`, undefined, foreigner)).status).toBe(400);
  });

  it('are shared, and changed where they are shared, by their owner and by whoever may share', async () => {
    expect(await save({ audience: 'tenant' }, clara)).toMatchObject({ status: 403, body: { code: 'view_not_yours' } });
    const view = await aView({}, clara);
    expect(await call('PATCH', `views/${view}`, { audience: 'tenant' }, clara)).toMatchObject({ status: 403 });
    expect((await call('PATCH', `views/${view}`, { name: 'Mine', isPinned: true }, clara)).body).toMatchObject({
      name: 'Mine',
      isPinned: true,
    });
    const all = await aView({ audience: 'tenant' });
    for (const method of ['PATCH', 'DELETE'] as const)
      expect(await call(method, `views/${all}`, method === 'PATCH' ? { name: 'x' } : undefined, clara)).toMatchObject({
        status: 403,
        body: { code: 'view_not_yours' },
      });
    const chief = await signIn(slice, { grants: SHARES });
    expect((await call('PATCH', `views/${all}`, { name: 'Chief' }, chief)).body).toMatchObject({ name: 'Chief' });
    expect((await call('PATCH', `views/${view}`, { name: 'x' }, chief)).status).toBe(404);
    expect((await call('DELETE', `views/${all}`, undefined, chief)).status).toBe(204);
  });

  it('are one default for each person and list', async () => {
    const [one, other] = [await aView(), await aView()];
    await Promise.all([one, other, one, other].map((id) => call('PUT', `views/${id}/default`)));
    await call('PUT', `views/${other}/default`);
    const defaults = async () =>
      (await call('GET', 'views?isDefault=true')).body.data.map(({ id }: { id: string }) => id);
    expect(await defaults()).toEqual([other]);
    expect((await call('GET', `views/${one}`)).body.isDefault).toBe(false);
    await call('DELETE', `views/${one}/default`);
    expect(await defaults()).toEqual([other]);
    await call('DELETE', `views/${other}`);
    expect(await defaults()).toEqual([]);
  });

  it('of a field that whoever uses them may not see show nothing, and do not tell what it is compared with', async () => {
    const key = `k${newId().replaceAll('-', '').slice(12)}`;
    const field = (
      await call('POST', 'custom-fields', {
        recordKind: 'customers',
        key,
        label: 'Secret',
        type: 'text',
        isPersonal: true,
      })
    ).body.id;
    const customer = await aCustomer({ customFields: { [key]: 'hush' } });
    const view = await aView({
      where: where(`cf.${key}`, 'hush'),
      sort: `cf.${key}`,
      columns: [`cf.${key}`],
      audience: 'tenant',
    });
    expect((await call('GET', `customers?view=${view}`)).body.data).toEqual([
      { id: customer, customFields: { [key]: 'hush' } },
    ]);
    const refused = await call('GET', `customers?view=${view}`, undefined, clara);
    expect(refused).toMatchObject({
      status: 400,
      body: {
        code: 'view_unusable',
        viewId: view,
        errors: [{ pointer: '/where/field', code: 'unknown_field' }, { pointer: '/columns' }, { pointer: '/sort' }],
      },
    });
    const told = (await call('GET', `views/${view}`, undefined, clara)).body;
    expect(told).toMatchObject({
      where: null,
      sort: null,
      columns: null,
      problems: [{ code: 'unknown_field' }, {}, {}],
    });
    expect(JSON.stringify([refused.body, told])).not.toContain('hush');
    expect((await save({ where: where(`cf.${key}`, 'x') }, clara)).body).toMatchObject({ code: 'invalid_view' });
    await call('DELETE', `custom-fields/${field}`);
    expect(await call('GET', `customers?view=${view}`)).toMatchObject({ status: 400, body: { code: 'view_unusable' } });
    expect((await call('GET', `views/${view}`)).body).toMatchObject({
      where: where(`cf.${key}`, 'hush'),
      problems: [{}, {}, {}],
    });
    await call('POST', `custom-fields/${field}/restore`);
    expect(await shown(view)).toEqual([customer]);
  });

  it.each([
    ['inquiries', 'status=new&sort=status,-lastCustomerMessageAt', '-number'],
    ['approvals/queue', 'sort=-createdAt', 'dueAt'],
  ])('are orders of the queues of the answer desk: %s', async (resource, query, sort) => {
    const view = await aView({ resource, query });
    expect((await call('GET', `${resource}?view=${view}`)).status).toBe(200);
    expect((await call('PATCH', `views/${view}`, { sort })).body).toMatchObject({ sort, problems: [] });
    expect((await call('GET', `customers?view=${view}`)).status).toBe(400);
  });

  it('pass to a colleague when their owner leaves, where they are shared', async () => {
    const leaver = await signIn(slice, { grants: SHARES });
    const [own, all] = [await aView({}, leaver), await aView({ audience: 'tenant' }, leaver)];
    const ownership = slice
      .get(Ports)
      .all(OwnershipPort)
      .find(({ kind }) => kind === 'views');
    const passage = { from: leaver.userId, to: clara!.userId };
    const [count, passed] = await slice.as(ada!.actor, () =>
      slice.db.transaction(async () => [await ownership!.count(passage.from), await ownership!.pass(passage)]),
    );
    expect([count, passed]).toEqual([1, 1]);
    expect((await call('GET', `views/${all}`, undefined, clara)).body.ownerId).toBe(clara!.userId);
    expect((await call('GET', `views/${own}`, undefined, leaver)).body.ownerId).toBe(leaver.userId);
  });

  it('cost a list one statement, and none where no view is asked for', async () => {
    const view = await aView({ query: 'status=lead' });
    const cost = async (path: string): Promise<number> => {
      const before = statementsSent();
      await call('GET', path);
      return statementsSent() - before;
    };
    await cost('customers?count=none');
    expect(await cost(`customers?count=none&view=${view}`)).toBe((await cost('customers?count=none')) + 1);
  });

  it.each(['view=x', 'view=', `view=${newId()}&view=${newId()}`])('are asked for by one id: %s', async (query) => {
    expect(await call('GET', `customers?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_query' } });
    expect((await call('GET', `tags?view=${newId()}`)).status).not.toBe(200);
  });
});
