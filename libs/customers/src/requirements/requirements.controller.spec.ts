import { setTimeout as wait } from 'node:timers/promises';
import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CustomersFacade } from '../customers.facade.js';
import { CustomersImportable } from '../importing/customers.importable.js';
import { customersContexts } from '../testing.js';

const GRANTS = [
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:manage-requirements'],
  ...['custom-fields:manage', 'custom-fields:read'],
];
const NOTHING = { fields: [], consents: [], files: [] };
const CONSENT = { channel: 'email', purpose: 'contract', granted: true, source: 'test' };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

describe('What a status demands of customers', () => {
  let slice: Slice;
  let [boss, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: GRANTS });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    await slice.superuser.query(`set session app.actor_id = '${boss.actor.id}'; set session app.actor_name = 'test'`);
  });
  beforeEach(() => slice.empty('customer_status_requirements'));
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body, headers });
  const demand = (over: object, status = 'customer') =>
    call('PUT', 'customers/status-requirements', { rules: [{ status, ...NOTHING, ...over }] });
  const aCustomer = async (over: object = {}): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', ...over })).body.id;
  const move = (id: string, status = 'customer') => call('POST', `customers/${id}/status`, { status });
  const consent = (id: string, over: object = {}) => call('POST', `customers/${id}/consents`, { ...CONSENT, ...over });
  const pointers = ({ body }: { body: { code?: string; errors?: { pointer: string }[] } }) =>
    body.code === 'requirements_missing' ? body.errors?.map(({ pointer }) => pointer) : body.code;
  const addFile = async (recordId: string, name: string, type: string, state = 'available'): Promise<void> => {
    const [file, by, tenant] = [newId(), boss!.actor.id, boss!.actor.tenantId];
    await slice.superuser.query(
      `insert into files (tenant_id, id, record_kind, record_id, name, latest, created_by) values ($1, $2, 'customers', $3, $4, 1, $5)`,
      [tenant, file, recordId, name, by],
    );
    await slice.superuser.query(
      `insert into file_versions (tenant_id, id, file_id, number, hash, size, mime_type, state, created_by)
       values ($1, $2, $3, 1, repeat('a', 64), 1, $4, $5, $6)`,
      [tenant, newId(), file, type, state, by],
    );
  };

  it('is nothing at first, is said as a whole, and guards its version', async () => {
    expect((await call('GET', 'customers/status-requirements')).body).toEqual({ rules: [], version: 0 });
    const rule = {
      status: 'customer',
      fields: ['phone'],
      consents: [{ purpose: 'contract' }],
      files: [{ name: 'id' }],
    };
    const said = {
      rules: [{ ...rule, consents: [{ purpose: 'contract', channel: null }], files: [{ name: 'id', type: null }] }],
      version: 1,
    };
    expect((await call('PUT', 'customers/status-requirements', { rules: [rule] })).body).toEqual(said);
    expect((await call('GET', 'customers/status-requirements')).body).toEqual(said);
    const stale = await call('PUT', 'customers/status-requirements', { rules: [] }, boss, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    expect((await call('GET', 'customers/status-requirements', undefined, foreigner)).body).toEqual({
      ...{ rules: [], version: 0 },
    });
  });

  it('is refused where it is none, naming the field', async () => {
    for (const [pointer, rules] of [
      ['/rules/0/status', [{ status: 'lead', ...NOTHING }]],
      ['/rules/0/fields/1', [{ status: 'customer', ...NOTHING, fields: ['email', 'shoeSize'] }]],
      ['/rules/0/fields/0', [{ status: 'customer', ...NOTHING, fields: ['cf.nowhere'] }]],
      ['/rules/0/consents/0/purpose', [{ status: 'customer', ...NOTHING, consents: [{ purpose: 'No purpose' }] }]],
      ['/rules/0/files/0/type', [{ status: 'customer', ...NOTHING, files: [{ name: 'id', type: 'pdf' }] }]],
      [
        '/rules',
        [
          { status: 'customer', ...NOTHING },
          { status: 'customer', ...NOTHING },
        ],
      ],
    ] as const)
      expect((await call('PUT', 'customers/status-requirements', { rules })).body).toMatchObject({
        ...{ status: 400, errors: [{ pointer }] },
      });
  });

  it('is said by whoever may, and read by whoever reads customers', async () => {
    const clerk = await signIn(slice, { grants: ['customers:read_own'] });
    const put = await call('PUT', 'customers/status-requirements', { rules: [] }, clerk);
    expect(put.body).toMatchObject({ status: 403, permission: 'customers:manage-requirements' });
    expect((await call('GET', 'customers/status-requirements', undefined, clerk)).status).toBe(200);
  });

  it('names all that is missing, and lets by who has it', async () => {
    await call('POST', 'custom-fields', { recordKind: 'customers', key: 'contractNo', label: 'No.', type: 'text' });
    await demand({
      fields: ['lastName', 'verifiedPhone', 'birthday', 'cf.contractNo'],
      consents: [{ purpose: 'contract', channel: 'email' }],
      files: [{ name: 'Passport', type: 'application/pdf' }],
    });
    const id = await aCustomer({ phone: '+4930123456' });
    const missing = await move(id);
    expect(missing).toMatchObject({ status: 422, body: { to: 'customer' } });
    expect(pointers(missing)).toEqual([
      ...[
        '/lastName',
        '/contactPoints',
        '/birthday',
        '/customFields/contractNo',
        '/consents/contract',
        '/files/Passport',
      ],
    ]);
    await call('PATCH', `customers/${id}`, {
      ...{ lastName: 'Okafor', birthday: '1986-05-17', customFields: { contractNo: 'C-1' } },
    });
    const [point] = (await call('GET', `customers/${id}`)).body.contactPoints;
    await call('PATCH', `customers/${id}/contact-points/${point.id}`, { isVerified: true });
    await consent(id, { channel: 'sms' });
    await addFile(id, 'passport.png', 'image/png');
    await addFile(id, 'my passport.pdf', 'application/pdf', 'quarantined');
    expect(pointers(await move(id))).toEqual(['/consents/contract', '/files/Passport']);
    await consent(id);
    await addFile(id, 'my passport.pdf', 'application/pdf');
    expect(await move(id)).toMatchObject({ status: 200, body: { status: 'customer' } });
  });

  it('asks for nothing that was archived', async () => {
    const field = { recordKind: 'customers', key: 'former', label: 'Former', type: 'text' };
    const { id: fieldId } = (await call('POST', 'custom-fields', field)).body;
    await demand({ fields: ['cf.former'] });
    const id = await aCustomer();
    expect(pointers(await move(id))).toEqual(['/customFields/former']);
    expect((await call('DELETE', `custom-fields/${fieldId}`)).status).toBe(204);
    expect((await move(id)).status).toBe(200);
  });

  it('is asked by every way into the status, and by no other', async () => {
    await demand({ fields: ['phone'] });
    const id = await aCustomer();
    expect(pointers(await call('POST', 'customers', { firstName: 'Mira', status: 'customer' }))).toEqual(['/phone']);
    expect(pointers(await call('PATCH', `customers/${id}/status`, { status: 'customer' }))).toEqual(['/phone']);
    const bulk = await call('POST', 'customers/bulk', {
      operations: [
        { op: 'status', id, data: { status: 'customer' } },
        { op: 'create', data: { firstName: 'Mira', status: 'customer' } },
        { op: 'create', data: { firstName: 'Mira', status: 'customer', phone: '+4930123456' } },
      ],
    });
    const [first, second, third] = bulk.body.data;
    for (const { status, problem } of [first, second])
      expect({ status, problem }).toMatchObject({
        ...{ status: 422, problem: { code: 'requirements_missing', errors: [{ pointer: '/phone' }] } },
      });
    expect(third).toMatchObject({ status: 201, problem: null });
    expect((await move(id, 'prospect')).status).toBe(200);
    expect((await call('PATCH', `customers/${third.id}`, { phone: null })).status).toBe(200);
    expect((await call('POST', 'contacts', { firstName: 'Mira', email: `${newId()}@okafor.example` })).status).toBe(
      201,
    );
  });

  it('stops nobody who writes', async () => {
    for (const status of ['prospect', 'customer', 'inactive', 'blocked']) await demand({ fields: ['phone'] }, status);
    const stranger = { email: `${newId()}@okafor.example`, source: 'mail' };
    const known = await slice.as(boss!.actor, () => slice.get(CustomersFacade).identify(stranger));
    expect(known).toMatchObject({ isNew: true });
  });

  it('refuses a row of a file with all its reasons, and takes one that brings what is missing', async () => {
    await demand({ fields: ['lastName', 'phone'] });
    const [bare, whole] = [await aCustomer(), await aCustomer()];
    const status = 'customer';
    const rows: Parameters<CustomersImportable['write']>[0] = [
      { values: { firstName: 'Ada', status }, recordId: undefined },
      { values: { status }, recordId: bare },
      { values: { status, lastName: 'Okafor', phone: '+4930123456' }, recordId: whole },
      { values: { firstName: 'Bo', lastName: 'Okafor', phone: '+4930123456', status }, recordId: undefined },
    ];
    const outcomes = await slice.as(boss!.actor, () =>
      slice.db.transaction(() => slice.get(CustomersImportable).write(rows)),
    );
    const refusal = {
      ...{ code: 'requirements_missing', field: 'lastName', detail: 'To become customer it takes lastName, phone' },
    };
    expect(outcomes).toMatchObject([
      { outcome: 'refused', refusal },
      { outcome: 'refused', refusal },
      { outcome: 'updated', recordId: whole },
      { outcome: 'created' },
    ]);
    expect((await call('GET', `customers/${bare}`)).body).toMatchObject({ status: 'lead', version: 1 });
  });

  it('waits for a consent that is withdrawn in this moment', async () => {
    await demand({ consents: [{ purpose: 'contract' }] });
    const id = await aCustomer();
    await consent(id);
    await slice.superuser.query('begin');
    await slice.superuser.query(
      `insert into customer_consents (tenant_id, id, customer_id, channel, purpose, granted, source, recorded_by)
       values ($1, $2, $3, 'email', 'contract', false, 'test', $4)`,
      [boss!.actor.tenantId, newId(), id, boss!.actor.id],
    );
    let isAnswered = false;
    const moving = move(id).finally(() => (isAnswered = true));
    await wait(400);
    expect(isAnswered).toBe(false);
    await slice.superuser.query('commit');
    expect(pointers(await moving)).toEqual(['/consents/contract']);
  });

  it('is had or not, however many move and withdraw at once', async () => {
    await demand({ consents: [{ purpose: 'contract' }] });
    for (let round = 0; round < 8; round++) {
      const id = await aCustomer();
      await consent(id);
      const early = move(id);
      const late = consent(id, { granted: false }).then(() => move(id));
      const [first, second] = await Promise.all([early, late]);
      expect([200, 422]).toContain(first.status);
      expect(second.status).toBe(first.status); // it stands there already, or nobody comes in any more
    }
  });

  it('takes the same few statements, however many rows', async () => {
    await demand({ fields: ['phone'], consents: [{ purpose: 'contract' }], files: [{ name: 'id' }] });
    const write = async (count: number): Promise<number> => {
      const rows = Array.from({ length: count }, () => ({
        ...{ values: { firstName: 'Ada', status: 'customer' }, recordId: undefined },
      }));
      let statements = 0;
      const query = slice.db.query.bind(slice.db);
      slice.db.query = (...args: [string, unknown[]?]) => {
        statements += 1;
        return query(...args) as never;
      };
      await slice
        .as(boss!.actor, () => slice.db.transaction(() => slice.get(CustomersImportable).write(rows)))
        .finally(() => (slice.db.query = query));
      return statements;
    };
    expect(await write(50)).toBe(await write(1));
  });
});
