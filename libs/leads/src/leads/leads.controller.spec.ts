import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { statementsSent } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsContexts } from '../testing.js';

const EVERYTHING = [
  ...[
    'leads:read_all',
    'leads:create',
    'leads:update_all',
    'leads:assign_all',
    'leads:convert_all',
    'leads:delete_all',
  ],
  ...[
    'notes:write',
    'notes:read',
    'tags:manage',
    'tags:read',
    'tags:apply',
    'custom-fields:manage',
    'custom-fields:read',
  ],
];

describe('Leads over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;
  let noah: SignedIn;
  const team = newId();

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts });
    mira = await signIn(slice, { grants: EVERYTHING, teams: [team] });
    noah = await signIn(slice, { grants: ['leads:read_own', 'leads:update_own', 'leads:create', 'leads:assign_own'] });
  });
  afterAll(() => slice.close());

  const call = (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: object,
    by = mira,
    headers = {},
  ) => slice.http(method, `/api/v1/leads${path}`, { token: by.token, body, headers });
  const aLead = async (over: object = {}, by = mira): Promise<{ id: string; version: number }> => {
    const { status, body } = await call('POST', '', { name: 'Noor Haddad', ...over }, by);
    expect(body).toMatchObject({ id: expect.any(String) });
    expect(status).toBe(201);
    return body;
  };
  const seen = (version: number) => ({ 'if-match': `"${version}"` });

  it('are written down with their contact data in the forms that customers have', async () => {
    const utm = { source: 'newsletter', campaign: 'spring-fair' };
    const nextAction = { what: 'Call', dueAt: '2031-03-03T09:00:00.000Z' };
    const given = {
      email: 'Noor@Haddad.Example',
      phone: '030 901820',
      country: 'DE',
      source: 'trade-fair',
      utm,
      nextAction,
    };
    const { status, headers, body } = await call('POST', '', { name: ' Noor Haddad ', ...given });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/leads/${body.id}`);
    expect(body).toMatchObject({
      ...{
        name: 'Noor Haddad',
        email: 'noor@haddad.example',
        phone: '+4930901820',
        source: 'trade-fair',
        utm,
        nextAction,
      },
      ...{ status: 'new', ownerId: null, teamId: team, createdBy: mira.userId, version: 1, customerId: null },
    });
    const read = await call('GET', `/${body.id}`);
    expect(read.body).toEqual(body);
    expect(read.headers.etag).toBe('"1"');
  });

  it.each([
    [{ name: '' }, '/name'],
    [{ name: 'two\nlines' }, '/name'],
    [{ email: 'nobody' }, '/email'],
    [{ phone: '12' }, '/phone'],
    [{ phone: '030 901820' }, '/phone'],
    [{ country: 'Germany' }, '/country'],
    [{ source: 'Trade Fair' }, '/source'],
    [{ utm: { source: 3 } }, '/utm/source'],
    [{ utm: { clicks: '3' } }, '/utm/clicks'],
    [{ nextAction: { dueAt: '2031-03-03T09:00:00Z' } }, '/nextAction/what'],
    [{ nextAction: { what: 'Call', dueAt: 'tomorrow' } }, '/nextAction/dueAt'],
    [{ mailHash: 'abc' }, '/mailHash'],
    [{ status: 'qualified' }, '/status'],
    [{ ownerId: 'me' }, '/ownerId'],
  ])('are not written down with %j', async (given, pointer) => {
    const { status, body } = await call('POST', '', { name: 'Noor', ...given });
    expect(status).toBe(400);
    expect(body.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
  });

  it.each([
    [{ ownerId: newId() }, 422, 'owner_unknown'],
    [{ teamId: newId() }, 422, 'team_unknown'],
  ])('name nobody who is not there: %j', async (given, status, code) => {
    expect(await call('POST', '', { name: 'Noor', ...given })).toMatchObject({ status, body: { code } });
  });

  it('are changed by a merge patch, also inside of utm and the next action', async () => {
    const nextAction = { what: 'Call', dueAt: '2031-03-03T09:00:00.000Z' };
    const { id } = await aLead({ utm: { source: 'fair', term: 'freight' }, nextAction, company: 'Haddad' });
    const patch = { utm: { term: null, medium: 'print' }, nextAction: { what: 'Write' }, company: null };
    expect((await call('PATCH', `/${id}`, patch)).body).toMatchObject({
      ...{ utm: { source: 'fair', medium: 'print' }, company: null, version: 2 },
      nextAction: { what: 'Write', dueAt: '2031-03-03T09:00:00.000Z' },
    });
    expect((await call('PATCH', `/${id}`, { nextAction: null })).body.nextAction).toBeNull();
    const replaced = await call('PUT', `/${id}`, { name: 'Noor H.' });
    expect(replaced.body).toMatchObject({ name: 'Noor H.', utm: {}, nextAction: null, teamId: null, source: 'manual' });
    expect((await call('PATCH', `/${id}`, { name: 'x' }, mira, seen(1))).status).toBe(412);
  });

  it('go from new to qualified by their verbs, and back after they were dropped', async () => {
    const { id } = await aLead();
    expect((await call('POST', `/${id}/contact`)).body.code).toBe('invalid_transition');
    const assigned = await call('POST', `/${id}/assign`, { ownerId: noah.userId });
    expect(assigned.body).toMatchObject({ status: 'assigned', ownerId: noah.userId });
    expect((await call('POST', `/${id}/contact`, undefined, noah)).body.status).toBe('contacted');
    expect((await call('POST', `/${id}/qualify`, undefined, noah)).body.status).toBe('qualified');
    const dropped = await call('POST', `/${id}/disqualify`, { reason: 'No budget' }, noah);
    expect(dropped.body).toMatchObject({ status: 'disqualified', reason: 'No budget' });
    expect(await call('PATCH', `/${id}`, { name: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'lead_not_live' },
    });
    expect((await call('POST', `/${id}/reopen`, undefined, noah)).body).toMatchObject({ status: 'new', reason: null });
    const { rows } = await slice.superuser.query<{ type: string }>(
      `select type from outbox where payload->>'leadId' = $1 order by id`,
      [id],
    );
    expect(rows.map(({ type }) => type)).toEqual(
      ['created', 'assigned', 'contacted', 'qualified', 'disqualified', 'reopened'].map((name) => `leads.${name}`),
    );
  });

  it('are dropped or qualified, never both, when the two come at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { id } = await aLead({ ownerId: mira.userId });
      await call('POST', `/${id}/contact`);
      const { version } = (await call('GET', `/${id}`)).body;
      const answers = await Promise.all([
        call('POST', `/${id}/qualify`, undefined, mira, seen(version)),
        call('POST', `/${id}/disqualify`, { reason: 'No' }, mira, seen(version)),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    }
  });

  it('are somebody else’s from the beginning only for who may give them away', async () => {
    const clerk = await signIn(slice, { grants: ['leads:create', 'leads:read_own'] });
    const refused = await call('POST', '', { name: 'Noor', ownerId: mira.userId }, clerk);
    expect(refused).toMatchObject({ status: 403, body: { code: 'out_of_reach' } });
    expect((await aLead({ ownerId: clerk.userId }, clerk)).id).toBeTruthy();
  });

  it('are reached by those whose they are, and by nobody of another tenant', async () => {
    const { id } = await aLead();
    expect((await call('GET', `/${id}`, undefined, noah)).status).toBe(404);
    expect((await call('POST', `/${id}/assign`, { ownerId: noah.userId }, noah)).status).toBe(404);
    await call('POST', `/${id}/assign`, { ownerId: noah.userId });
    expect((await call('GET', `/${id}`, undefined, noah)).status).toBe(200);
    expect((await call('DELETE', `/${id}`, undefined, noah)).status).toBe(403);
    const stranger = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    expect((await call('GET', `/${id}`, undefined, stranger)).status).toBe(404);
  });

  it('are found by filters, by text and by a tree of conditions, in as many statements for one as for many', async () => {
    const word = newId().slice(-12);
    const company = `Freight ${word}`;
    for (const source of ['web', 'mail', 'mail']) await aLead({ company, source, utm: { source: word } });
    const costOf = async (limit: number): Promise<number> => {
      const before = statementsSent();
      const { body } = await call('GET', `?q=${word}&include=owner,customer&limit=${limit}`);
      expect(body.data).toHaveLength(limit);
      return statementsSent() - before;
    };
    expect(await costOf(3)).toBe(await costOf(1));
    expect((await call('GET', `?q=${word}&source=web`)).body.data).toHaveLength(1);
    expect((await call('GET', `?utmSource=${word}&status=new`)).body.data).toHaveLength(3);
    const tree = {
      all: [
        { field: 'utmSource', op: 'eq', value: word },
        { field: 'source', op: 'ne', value: 'web' },
      ],
    };
    expect((await call('POST', '/search', { where: tree })).body.data).toHaveLength(2);
    expect((await call('GET', '?secret=1')).status).toBe(400);
  });

  it('go into the trash and out of it', async () => {
    const { id } = await aLead({ name: 'Thrown away' });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
    expect((await call('POST', `/${id}/assign`, { ownerId: mira.userId })).status).toBe(404);
    expect((await call('GET', '/trash?name=Thrown%20away')).body.data).toMatchObject([{ id, deletedBy: mira.userId }]);
    expect((await call('POST', `/${id}/restore`)).body).toMatchObject({ id, status: 'new' });
    expect((await call('GET', `/${id}`)).status).toBe(200);
  });

  it('carry notes, tags and the fields of the tenant', async () => {
    const post = (path: string, body: object) => slice.http('POST', `/api/v1/${path}`, { token: mira.token, body });
    const field = { recordKind: 'leads', key: 'budget', label: 'Budget', type: 'number' };
    expect((await post('custom-fields', field)).status).toBe(201);
    const { id } = await aLead({ customFields: { budget: 12 } });
    expect((await call('GET', '?cf.budget=12')).body.data).toMatchObject([{ id, customFields: { budget: 12 } }]);
    expect((await call('PATCH', `/${id}`, { customFields: { budget: null } })).body.customFields).toEqual({});
    expect((await post('notes', { recordKind: 'leads', recordId: id, body: 'Speaks Arabic.' })).status).toBe(201);
    expect((await slice.http('GET', `/api/v1/notes?recordId=${id}`, { token: mira.token })).body.data).toHaveLength(1);
  });
});
