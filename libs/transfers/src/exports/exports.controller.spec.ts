import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import readSheets from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';

const DESK = ['customers:create', 'customers:read_all', 'customers:export'];

describe('Exports', () => {
  let slice: Slice;
  let worker: Slice;
  let clerk: SignedIn;
  const name = `x${newId().slice(-12)}`;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    worker = await bootSlice({ contexts: transfersContexts, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: DESK });
    for (const [n, firstName] of ['=cmd|calc', 'Bo', 'Cy'].entries())
      await ask('POST', '/customers', { firstName, lastName: name, email: `p${n}@${name}.example` });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const ask = (method: 'GET' | 'POST', path: string, body?: unknown, who = clerk) =>
    slice.http(method, `/api/v1${path}`, { token: who.token, body });
  const exported = async (query: object, format = 'csv') => {
    const { status, body, headers } = await ask('POST', '/exports', { entity: 'customers', format, query });
    expect(status, JSON.stringify(body)).toBe(202);
    expect(headers.location).toBe(`/api/v1/jobs/${body.id}`);
    await expect
      .poll(async () => (await ask('GET', `/jobs/${body.id}`)).body.state as string, { timeout: 25_000, interval: 50 })
      .toBe('done');
    const { resultUrl } = (await ask('GET', `/jobs/${body.id}`)).body;
    return (await slice.http('GET', resultUrl as string, { token: clerk.token })).body;
  };
  const where = { field: 'lastName', op: 'eq', value: name };

  it('are written by a job and leave by a link, and no cell is run', async () => {
    const one = await exported({ where, sort: 'createdAt', fields: ['firstName', 'lastName'] });
    expect(one).toMatchObject({ state: 'ready', rowCount: 3, entity: 'customers' });
    const link = await ask('POST', `/exports/${one.id}/link`);
    const { status, headers, body } = await slice.http('GET', link.body.url as string);
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/csv');
    const lines = (body as string).trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,firstName,lastName');
    expect(lines.slice(1).map((line) => line.split(',')[1])).toEqual(["'=cmd|calc", 'Bo', 'Cy']);
  });

  it('are lines of JSON too', async () => {
    const one = await exported({ where, sort: 'createdAt' }, 'ndjson');
    const { url } = (await ask('POST', `/exports/${one.id}/link`)).body;
    const { body } = await slice.http('GET', url as string);
    const rows = (body as string)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { email: string });
    expect(rows.map(({ email }) => email)).toEqual([0, 1, 2].map((n) => `p${n}@${name}.example`));
  });

  it('are workbooks too, with columns of one’s own fields, by which they are found', async () => {
    const owner = await signIn(slice, { grants: [...DESK, 'customers:update_all', 'custom-fields:manage'] });
    const field = { recordKind: 'customers', key: `size${name}`, label: 'Size', type: 'number' };
    expect((await ask('POST', '/custom-fields', field, owner)).status).toBe(201);
    const [first] = (await ask('GET', `/customers?lastName=${name}&sort=createdAt`, undefined, owner)).body.data;
    const own = await slice.http('PATCH', `/api/v1/customers/${first.id}`, {
      ...{ token: owner.token, body: { customFields: { [field.key]: 12.5 } } },
    });
    expect(own.status, JSON.stringify(own.body)).toBe(200);
    const query = { where: { field: `cf.${field.key}`, op: 'gt', value: 12 } };
    const one = await exported({ ...query, fields: ['firstName', 'createdAt', `cf.${field.key}`] }, 'xlsx');
    expect(one).toMatchObject({ state: 'ready', rowCount: 1, format: 'xlsx' });
    const { url } = (await ask('POST', `/exports/${one.id}/link`)).body;
    const file = await slice.app.inject({ method: 'GET', url: url as string });
    expect(file.headers['content-type']).toContain('spreadsheetml.sheet');
    expect(file.headers['content-disposition']).toContain('customers.xlsx');
    expect(file.rawPayload.length).toBe(one.size);
    const [sheet] = await readSheets(file.rawPayload);
    expect(sheet?.data[0]).toEqual(['id', 'firstName', 'createdAt', `cf.${field.key}`]);
    const [id, firstName, at, size] = sheet?.data[1] ?? [];
    expect([id, firstName, size]).toEqual([first.id, '=cmd|calc', 12.5]);
    expect(at).toBeInstanceOf(Date);
    expect(Math.abs(Number(at) - Date.parse(first.createdAt as string))).toBeLessThan(5);
  });

  it('hold what may be read alone, and are nobody else’s', async () => {
    const one = await exported({ where });
    const other = await signIn(slice, { grants: ['customers:read_own', 'customers:create', 'customers:export'] });
    expect((await ask('GET', `/exports/${one.id}`, undefined, other)).status).toBe(404);
    expect((await ask('POST', `/exports/${one.id}/link`, undefined, other)).status).toBe(404);
    expect((await ask('GET', `/jobs/${one.jobId}`, undefined, other)).status).toBe(404);
    expect((await ask('POST', `/jobs/${one.jobId}/cancel`, undefined, other)).status).toBe(404);
    expect((await ask('GET', `/customers/export?lastName=${name}`, undefined, other)).body).toMatch(/^id,[^\n]*\r\n$/);
  });

  it('refuse who may not, what is no list, and what the list does not know', async () => {
    const reader = await signIn(slice, { grants: ['customers:read_all'] });
    const body = { entity: 'customers' };
    expect((await ask('POST', '/exports', body, reader)).body).toMatchObject({
      status: 403,
      code: 'permission_missing',
    });
    expect((await ask('POST', '/exports', { entity: 'secrets' })).body).toMatchObject({
      status: 422,
      code: 'entity_unknown',
    });
    const unknown = { ...body, query: { where: { field: 'shoeSize', op: 'eq', value: 1 } } };
    expect((await ask('POST', '/exports', unknown)).status).toBe(400);
    expect((await slice.http('GET', `/api/v1/exports/content/${'A'.repeat(94)}`)).body.code).toBe(
      'export_link_unknown',
    );
  });

  it('are on record, with what was asked for', async () => {
    const one = await exported({ where });
    const { rows } = await slice.superuser.query(
      `select actor_id, after from audit_log where entity = 'customers' and action = 'exported' and entity_id = $1`,
      [one.id],
    );
    expect(rows).toMatchObject([
      { actor_id: clerk.userId, after: { format: 'csv', where: { op: 'eq', value: name } } },
    ]);
  });

  it('answer small lists at once, and point to a job for others', async () => {
    const { status, headers, body } = await ask(
      'GET',
      `/customers/export?lastName=${name}&sort=createdAt&fields=firstName`,
    );
    expect(status).toBe(200);
    expect(headers['content-disposition']).toContain('customers.csv');
    expect((body as string).split('\r\n').map((line) => line.split(',')[1])).toEqual([
      ...['firstName', "'=cmd|calc", 'Bo', 'Cy', undefined],
    ]);
    expect((await ask('GET', '/customers/export?format=pdf')).body).toMatchObject({
      status: 400,
      code: 'invalid_query',
    });
    const ndjson = await ask('GET', `/customers/export?lastName=${name}&format=ndjson`);
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson');
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${clerk.userId}', true); alter table customers disable trigger all;
       insert into customers (tenant_id, id, first_name, last_name, status, source, created_by)
         select '${clerk.actor.tenantId}', gen_random_uuid(), 'n' || n, 'many', 'lead', 'test', '${clerk.userId}' from generate_series(1, 10001) n;
       alter table customers enable trigger all; commit`,
    );
    expect((await ask('GET', '/customers/export?lastName=many')).body).toMatchObject({
      status: 422,
      code: 'export_too_large',
    });
    expect(await exported({ where: { field: 'lastName', op: 'eq', value: 'many' } })).toMatchObject({
      rowCount: 10_001,
    });
  });

  it('need a proof of who asks', async () => {
    const late = await signIn(slice, { grants: DESK });
    await slice.superuser.query(`update sessions set proven_at = proven_at - interval '1 hour' where id = $1`, [
      late.sessionId,
    ]);
    for (const answer of [
      await ask('POST', '/exports', { entity: 'customers' }, late),
      await ask('GET', '/customers/export', undefined, late),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'step_up_required' });
  });
});
