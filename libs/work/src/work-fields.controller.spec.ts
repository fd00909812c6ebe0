import { type SignedIn, signIn } from '@app/auth/testing';
import { statementsSent } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workContexts } from './testing.js';

const WORK = [
  ...['tasks:read_all', 'tasks:create', 'tasks:update_all', 'projects:read_all', 'projects:create'],
  ...['projects:update_all', 'views:use'],
];

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

describe.each([
  ['tasks', 'title'],
  ['projects', 'name'],
])('The custom fields of %s', (kind, called) => {
  let slice: Slice;
  let [boss, clerk]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    boss = await signIn(slice, { grants: [...WORK, 'custom-fields:manage', 'custom-fields:read-personal'] });
    clerk = await signIn(slice, { grants: WORK });
    for (const field of [
      { key: 'costCentre', label: 'Cost centre', type: 'text' },
      { key: 'effort', label: 'Effort', type: 'number', min: 1, isIndexed: true },
      { key: 'patient', label: 'Patient', type: 'text', isPersonal: true },
    ])
      expect((await call('POST', 'custom-fields', { recordKind: kind, ...field })).status).toBe(201);
  });
  afterAll(() => slice?.close());

  const call = (method: Method, path: string, body?: unknown, who = boss) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body });
  const make = (customFields?: unknown, who = boss) => call('POST', kind, { [called]: 'Fielded', customFields }, who);

  it('are written, changed in part and replaced, each by its rules', async () => {
    const customFields = { costCentre: '4711', effort: 12, patient: 'Ada' };
    const made = await make(customFields);
    expect(made).toMatchObject({ status: 201, body: { customFields, version: 1 } });
    const { id } = made.body;
    expect((await call('GET', `${kind}/${id}`)).body).toEqual(made.body);
    expect((await call('PATCH', `${kind}/${id}`, { customFields: { effort: 13 } })).body).toMatchObject({
      ...{ customFields: { ...customFields, effort: 13 }, version: 2, [called]: 'Fielded' },
    });
    expect((await call('PATCH', `${kind}/${id}`, { customFields: { effort: 0, size: 1 } })).body).toMatchObject({
      ...{ status: 400, code: 'invalid_custom_fields' },
      errors: [{ pointer: '/customFields/effort' }, { pointer: '/customFields/size' }],
    });
    expect((await call('PUT', `${kind}/${id}`, { [called]: 'Fielded' })).body.customFields.effort).toBe(13);
    const put = await call('PUT', `${kind}/${id}`, { [called]: 'Fielded', customFields: { costCentre: '1' } }, clerk);
    expect(put.body.customFields).toEqual({ costCentre: '1' });
    expect((await call('GET', `${kind}/${id}`)).body.customFields).toEqual({ costCentre: '1', patient: 'Ada' });
  });

  it('that are personal are for those who may see them', async () => {
    const { id } = (await make({ effort: 2, patient: 'Eva' })).body;
    expect((await call('GET', `${kind}/${id}`, undefined, clerk)).body.customFields).toEqual({ effort: 2 });
    const [{ customFields }] = (await call('GET', `${kind}?id=${id}`, undefined, clerk)).body.data;
    expect(customFields).toEqual({ effort: 2 });
    expect((await call('GET', `${kind}?cf.patient=Eva`, undefined, clerk)).status).toBe(400);
    expect((await call('GET', `${kind}?cf.patient=Eva`)).body.data).toMatchObject([{ id }]);
    expect((await call('PATCH', `${kind}/${id}`, { customFields: { patient: 'Zoe' } }, clerk)).status).toBe(400);
  });

  it('are filters, orders and columns of the list, and of its views', async () => {
    for (const effort of [105, 103, 104]) expect((await make({ effort })).status).toBe(201);
    const query = 'cf.effort[gt]=103&sort=-cf.effort&fields=cf.effort';
    const { body } = await call('GET', `${kind}?${query}`);
    expect(body.data.map((one: { customFields: object }) => one.customFields)).toEqual([
      { effort: 105 },
      { effort: 104 },
    ]);
    const view = await call('POST', 'views', { resource: kind, name: 'Large', audience: 'private', query });
    expect(view.status).toBe(201);
    expect((await call('GET', `${kind}?view=${view.body.id}`)).body).toMatchObject({ data: body.data });
  });

  it('cost a list that names none no further statement', async () => {
    const cost = async (query: string): Promise<number> => {
      const before = statementsSent();
      expect((await call('GET', `${kind}${query}`)).status).toBe(200);
      return statementsSent() - before;
    };
    const plain = await cost('?limit=1');
    expect(await cost('?limit=50')).toBe(plain);
    expect(await cost('?limit=50&sort=cf.effort')).toBe(plain + 1);
  });
});

describe('A view of tasks', () => {
  let slice: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: workContexts });
    mira = await signIn(slice, { grants: WORK });
  });
  afterAll(() => slice?.close());

  it('does not keep what is asked beside the filters, which it would show more without', async () => {
    const query = `assignedTo=${mira.userId}`;
    const { status, body } = await slice.http('POST', '/api/v1/views', {
      token: mira.token,
      body: { resource: 'tasks', name: 'Mine', audience: 'private', query },
    });
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: [{ code: 'unknown_parameter' }] });
  });
});
