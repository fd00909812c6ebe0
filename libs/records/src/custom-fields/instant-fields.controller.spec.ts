import { type SignedIn, signIn } from '@app/auth/testing';
import { customersContexts } from '@app/customers/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const GRANTS = ['custom-fields:manage', 'customers:create', 'customers:read_all', 'customers:update_all'];
const MOMENTS = ['2031-03-03T10:00:00.000Z', '2031-03-03T23:30:00.000Z', '2031-03-04T00:30:00.000Z'];

describe('Instant fields', () => {
  let slice: Slice;
  let ada: SignedIn;

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown) =>
    slice.http(method, `/api/v1/${path}`, { token: ada.token, body });
  const define = (key: string, terms: object) =>
    call('POST', 'custom-fields', { recordKind: 'customers', key, label: key, ...terms });
  const create = (customFields: unknown) => call('POST', 'customers', { firstName: 'Mira', customFields });
  const momentsIn = async (query: string): Promise<unknown[]> => {
    const { body } = await call('GET', `customers?${query}`);
    expect(body.errors).toBeUndefined();
    return body.data.map(({ customFields }: { customFields: Record<string, unknown> }) => customFields.callAt);
  };

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    ada = await signIn(slice, { grants: GRANTS });
    expect((await define('callAt', { type: 'instant' })).body).toMatchObject({ type: 'instant', resultType: null });
    for (const callAt of MOMENTS) expect((await create({ callAt })).status).toBe(201);
    await create({});
  });
  afterAll(() => slice?.close());

  it.each([
    ['2031-03-03T12:00+02:00', '2031-03-03T10:00:00.000Z'],
    ['2031-03-03T10:00:00.1Z', '2031-03-03T10:00:00.100Z'],
  ])('are given with any offset, and kept in UTC: %s', async (given, kept) => {
    const { body } = await create({ callAt: given });
    expect(body.customFields).toEqual({ callAt: kept });
    expect((await call('PATCH', `customers/${body.id}`, { customFields: { callAt: null } })).body.customFields).toEqual(
      {},
    );
  });

  it.each([
    '2031-03-03T10:00:00',
    '2031-03-03',
    '2031-02-30T10:00:00Z',
    '2031-03-03T25:00:00Z',
    'today',
    5,
    '+12031-03-03T10:00Z',
  ])('are refused where no moment is sure to be meant: %s', async (callAt) => {
    expect((await create({ callAt })).body).toMatchObject({
      ...{ status: 400, code: 'invalid_custom_fields' },
      errors: [{ pointer: '/customFields/callAt', code: 'invalid_value' }],
    });
  });

  it('are found by the moment, by the day and by spans from now', async () => {
    const [first, second, third] = MOMENTS;
    expect(await momentsIn(`cf.callAt=${first}`)).toEqual([first]);
    expect(await momentsIn('cf.callAt=2031-03-03T11:00:00%2B01:00')).toEqual([first]);
    expect(await momentsIn('cf.callAt[gte]=2031-03-03&cf.callAt[lte]=2031-03-03&sort=cf.callAt')).toEqual([
      first,
      second,
    ]);
    expect(await momentsIn('cf.callAt[gt]=2031-03-03&sort=cf.callAt')).toEqual([third]);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await create({ callAt: soon });
    expect(await momentsIn('cf.callAt[lte]=next:2h&cf.callAt[gte]=last:0h')).toEqual([soon]);
    expect(await momentsIn('cf.callAt[lte]=next:30m')).toEqual([soon]);
  });

  it('order the list and page it, those without a moment last', async () => {
    const pages: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await call(
        'GET',
        `customers?sort=-cf.callAt&cf.callAt[gte]=2031-01-01&limit=1&cursor=${cursor}`,
      );
      pages.push(body.data[0]?.customFields.callAt);
      cursor = body.meta.nextCursor;
    }
    expect(pages).toEqual([...MOMENTS].reverse());
    expect((await momentsIn('sort=cf.callAt&limit=100')).at(-1)).toBeUndefined();
  });

  it('make no list fail where a row holds something else', async () => {
    const { body } = await create({ callAt: MOMENTS[0] });
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${ada.userId}', true);
       update customers set custom_fields = '{"callAt": "2031-99-99T10:00:00.000Z"}' where id = '${body.id}'; commit`,
    );
    expect((await call('GET', 'customers?sort=cf.callAt&cf.callAt[gte]=2031-01-01')).status).toBe(200);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${ada.userId}', true); delete from customers where id = '${body.id}'; commit`,
    );
  });

  it('are what texts become that say a moment', async () => {
    const { body: field } = await define('note', { type: 'text' });
    const { body: one } = await create({ note: '2031-03-03T12:00:00+02:00' });
    const change = await call('PATCH', `custom-fields/${field.id}`, { type: 'instant' });
    expect(change.body).toMatchObject({ convertingTo: 'instant' });
    const worker = await bootSlice({ contexts: customersContexts, app: 'worker', beside: slice });
    await worker.settled(30_000);
    await worker.close();
    expect((await call('GET', `customers/${one.id}`)).body.customFields.note).toBe(MOMENTS[0]);
  });

  it('are what formulas reckon with', async () => {
    expect((await define('dueIn', { type: 'formula', expression: 'days_between(createdAt, cf.callAt)' })).status).toBe(
      201,
    );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await create({ callAt: tomorrow })).body.customFields).toMatchObject({ dueIn: 1 });
    expect((await define('later', { type: 'formula', expression: 'max(createdAt, cf.callAt)' })).body.resultType).toBe(
      'instant',
    );
    const { body } = await create({ callAt: MOMENTS[0] });
    expect(body.customFields.later).toBe(MOMENTS[0]);
    expect(
      (await call('GET', `customers?cf.later[gte]=2031-03-03&fields=cf.later&sort=cf.later`)).body.data,
    ).toContainEqual({
      ...{ id: body.id, customFields: { later: MOMENTS[0] } },
    });
  });
});
