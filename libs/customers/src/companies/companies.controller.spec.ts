import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from '../testing.js';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

const EVERYTHING = [
  ...['companies:read', 'companies:create', 'companies:update', 'companies:delete', 'companies:restore'],
  ...['companies:purge', 'customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all'],
];

describe('Companies', () => {
  let slice: Slice;
  let [boss, clerk, foreigner]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts });
    boss = await signIn(slice, { grants: EVERYTHING });
    clerk = await signIn(slice, {
      grants: ['companies:read', 'companies:update', 'customers:create', 'customers:read_own', 'customers:update_own'],
    });
    await ensureTenant(slice, OTHER_TENANT);
    foreigner = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
  });
  afterAll(() => slice.close());

  const call = (method: Method, path: string, body?: unknown, who = boss, headers: Record<string, string> = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: who!.token, body, headers });
  const aDomain = (): string => `${newId()}.example`;
  const found = async (over: object = {}): Promise<{ id: string; domain: string }> => {
    const made = await call('POST', 'companies', { name: 'Okafor Logistics', domain: aDomain(), ...over });
    expect(made.status).toBe(201);
    return made.body;
  };
  const aCustomer = async (who = boss): Promise<string> =>
    (await call('POST', 'customers', { firstName: 'Mira', email: `${newId()}@okafor.example` }, who)).body.id;
  const join = (company: string, customer: string, role = 'Purchasing', who = boss) =>
    call('PUT', `companies/${company}/contacts/${customer}`, { role }, who);

  it('are founded, read, changed and told of', async () => {
    const domain = aDomain();
    const made = await call('POST', 'companies', {
      name: ' Okafor ',
      domain: `https://www.${domain.toUpperCase()}/us`,
    });
    expect(made.status).toBe(201);
    expect(made.headers).toMatchObject({ location: `/api/v1/companies/${made.body.id}`, etag: '"1"' });
    expect(made.body).toMatchObject({ name: 'Okafor', domain, createdBy: boss!.userId, version: 1 });
    const { id } = made.body;
    expect((await call('GET', `companies/${id}`)).body).toEqual(made.body);
    expect((await call('PATCH', `companies/${id}`, { name: 'Okafor Ltd' })).body).toMatchObject({ domain, version: 2 });
    expect((await call('PUT', `companies/${id}`, { name: 'Okafor Ltd' })).body).toMatchObject({
      domain: null,
      version: 3,
    });
    expect((await call('PATCH', `companies/${id}`, { name: 'Late' }, boss, { 'if-match': '"1"' })).status).toBe(412);
    const { rows } = await slice.superuser.query(
      `select type, payload from outbox where payload->>'companyId' = $1 order by id`,
      [id],
    );
    expect(rows.map(({ type, payload }) => [type, payload.changed])).toEqual([
      ['companies.created', undefined],
      ['companies.updated', ['name']],
      ['companies.updated', ['domain']],
    ]);
    const audited = await slice.superuser.query(
      `select action, actor_id from audit_log where entity = 'companies' and entity_id = $1 order by id`,
      [id],
    );
    expect(audited.rows.map(({ action }) => action)).toEqual(['created', 'updated', 'updated']);
    expect(audited.rows.every(({ actor_id }) => actor_id === boss!.userId)).toBe(true);
  });

  it.each([
    [{ name: '' }, '/name'],
    [{ name: 'x', domain: 'no domain' }, '/domain'],
    [{ name: 'x', colour: 'red' }, '/colour'],
  ])('are refused as %j', async (body, pointer) => {
    const refused = await call('POST', 'companies', body);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it('have a domain of their own, of many who want it at once one gets it', async () => {
    const domain = aDomain();
    const founded = await Promise.all(
      Array.from({ length: 8 }, (_, n) => call('POST', 'companies', { name: `Company ${n}`, domain })),
    );
    expect(founded.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
    expect(founded.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'domain_taken',
      errors: [{ pointer: '/domain' }],
    });
    const { id } = await found();
    expect((await call('PATCH', `companies/${id}`, { domain })).body).toMatchObject({ code: 'domain_taken' });
    await found({ domain: null });
    await found({ domain: null }); // none is no domain
  });

  it('go into the trash with their domain free, come back, and go for good', async () => {
    const { id, domain } = await found();
    expect((await call('POST', `companies/${id}/restore`)).body).toMatchObject({ code: 'company_not_in_trash' });
    expect((await call('DELETE', `companies/${id}`)).status).toBe(204);
    expect((await call('GET', `companies/${id}`)).status).toBe(404);
    expect((await call('PATCH', `companies/${id}`, { name: 'x' })).body).toMatchObject({ code: 'company_in_trash' });
    expect((await call('GET', 'companies/trash')).body.data).toEqual([
      expect.objectContaining({ id, deletedBy: boss!.userId }),
    ]);
    const heir = await found({ domain });
    expect((await call('POST', `companies/${id}/restore`)).body).toMatchObject({ code: 'domain_taken' });
    expect((await call('DELETE', `companies/${heir.id}`)).status).toBe(204);
    expect((await call('POST', `companies/${id}/restore`)).body).toMatchObject({ domain });
    expect((await call('DELETE', `companies/${heir.id}?permanent=true`)).status).toBe(204);
    expect((await call('POST', `companies/${heir.id}/restore`)).status).toBe(404);
    const grants = ['companies:delete', 'companies:read'];
    const cleaner = await signIn(slice, { grants });
    expect((await call('DELETE', `companies/${id}`, undefined, cleaner)).status).toBe(204);
    expect((await call('DELETE', `companies/${id}?permanent=true`, undefined, cleaner)).status).toBe(403);
  });

  it('have people, each with a role', async () => {
    const [company, customer] = [await found(), await aCustomer()];
    expect((await join(company.id, customer)).status).toBe(204);
    expect((await call('GET', `companies/${company.id}/contacts`)).body.data).toEqual([
      expect.objectContaining({ customerId: customer, firstName: 'Mira', role: 'Purchasing' }),
    ]);
    expect((await join(company.id, customer, 'Director')).status).toBe(204);
    expect((await call('GET', `customers/${customer}/companies`)).body.data).toEqual([
      expect.objectContaining({ companyId: company.id, name: 'Okafor Logistics', role: 'Director' }),
    ]);
    const told = await call('GET', `customers/${customer}/timeline?kind=companies.contact-joined`);
    expect(told.body.data).toEqual([
      expect.objectContaining({
        title: 'Belongs to Okafor Logistics',
        details: { company: 'Okafor Logistics', role: 'Director' },
      }),
    ]);
    expect((await call('DELETE', `companies/${company.id}/contacts/${customer}`)).status).toBe(204);
    expect((await call('DELETE', `companies/${company.id}/contacts/${customer}`)).status).toBe(404);
    expect((await call('GET', `customers/${customer}/companies`)).body.data).toEqual([]);
  });

  it('take a person once, however many say so at once', async () => {
    const [company, customer] = [await found(), await aCustomer()];
    const joined = await Promise.all(Array.from({ length: 8 }, (_, n) => join(company.id, customer, `Role ${n}`)));
    expect(joined.map(({ status }) => status)).toEqual(Array<number>(8).fill(204));
    expect((await call('GET', `companies/${company.id}/contacts`)).body.data).toHaveLength(1);
  });

  it('show of their people whom the reader may see, and take those whom the writer may change', async () => {
    const company = await found();
    const [theirs, mine] = [await aCustomer(), await aCustomer(clerk)];
    expect((await join(company.id, theirs, 'x', clerk)).status).toBe(404);
    expect((await join(company.id, mine, 'x', clerk)).status).toBe(204);
    expect((await join(company.id, theirs)).status).toBe(204);
    const seen = await call('GET', `companies/${company.id}/contacts`, undefined, clerk);
    expect(seen.body.data.map(({ customerId }: { customerId: string }) => customerId)).toEqual([mine]);
    expect(seen.body.meta.total).toBe(1);
    expect((await call('GET', `customers/${theirs}/companies`, undefined, clerk)).status).toBe(404);
    expect((await call('DELETE', `companies/${company.id}/contacts/${theirs}`, undefined, clerk)).status).toBe(404);
  });

  it('keep customers in the trash out of sight', async () => {
    const [company, customer] = [await found(), await aCustomer()];
    await join(company.id, customer);
    expect((await call('DELETE', `customers/${customer}`)).status).toBe(204);
    expect((await call('GET', `companies/${company.id}/contacts`)).body.data).toEqual([]);
    expect((await join(company.id, customer)).status).toBe(404);
  });

  it('are none of another tenant’s, nor are their people', async () => {
    const [company, customer] = [await found(), await aCustomer()];
    const [theirs, stranger] = [
      (await call('POST', 'companies', { name: 'Theirs', domain: company.domain }, foreigner)).body.id as string,
      await aCustomer(foreigner),
    ];
    expect(theirs).toBeTruthy(); // the same domain is free there
    expect((await join(company.id, stranger)).status).toBe(404);
    expect((await join(theirs, customer)).status).toBe(404);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/restore'],
      ['GET', '/contacts'],
    ] as const)
      expect((await call(method, `companies/${theirs}${path}`, method === 'PATCH' ? {} : undefined)).status).toBe(404);
    expect((await call('GET', `companies?id=${theirs}`)).body.data).toEqual([]);
  });

  it.each<[Method, string, unknown, string]>([
    ['GET', '', undefined, 'companies:read'],
    ['GET', '/trash', undefined, 'companies:restore'],
    ['GET', '/:id', undefined, 'companies:read'],
    ['POST', '', { name: 'x' }, 'companies:create'],
    ['PUT', '/:id', { name: 'x' }, 'companies:update'],
    ['PATCH', '/:id', {}, 'companies:update'],
    ['DELETE', '/:id', undefined, 'companies:delete'],
    ['POST', '/:id/restore', undefined, 'companies:restore'],
    ['GET', '/:id/contacts', undefined, 'companies:read'],
    ['PUT', '/:id/contacts/:id', { role: 'x' }, 'companies:update'],
    ['DELETE', '/:id/contacts/:id', undefined, 'companies:update'],
  ])('want for %s %s the permission', async (method, path, body, permission) => {
    const { id } = await found();
    const without = await signIn(slice, { grants: EVERYTHING.filter((grant) => grant !== permission) });
    const refused = await call(method, `companies${path.replaceAll(':id', id)}`, body, without);
    expect(refused).toMatchObject({ status: 403, body: { permission } });
  });

  it('are listed by filters and orders, each by an index where there are many', async () => {
    await slice.superuser.query('alter table companies disable trigger audit');
    await fillWithRows(slice.superuser, ['companies'], 20_000, (first, last) =>
      slice.superuser.query(
        `insert into companies (tenant_id, id, name, domain, created_by)
         select $1, gen_random_uuid(), 'Company ' || lpad(n::text, 6, '0'), 'c' || n || '.many.example', $1 from generate_series($2::int, $3::int) n`,
        [TENANT, first, last],
      ),
    );
    await slice.superuser.query('alter table companies enable trigger audit');
    const names = async (query: string): Promise<string[]> => {
      const { status, body } = await call('GET', `companies?${query}`);
      expect(status).toBe(200);
      return body.data.map(({ name }: { name: string }) => name);
    };
    expect(await names('domain=c77.many.example')).toEqual(['Company 000077']);
    expect(await names('name[starts]=company 00007&limit=2')).toEqual(['Company 000070', 'Company 000071']);
    expect(await names('sort=-name&limit=1')).not.toEqual(await names('sort=name&limit=1'));
    for (const [by, index] of [
      ['deleted_at is null order by name, id', 'companies_by_name'],
      ['deleted_at is null order by created_at desc, id desc', 'companies_by_creation'],
      ['deleted_at is null order by updated_at desc, id desc', 'companies_by_update'],
      ["deleted_at is null and domain = 'c77.many.example' order by name, id", 'companies_domain_is_free'],
      ['deleted_at is not null order by deleted_at desc, id desc', 'companies_in_trash'],
    ] as const) {
      const plan = await slice.as(boss!.actor, () =>
        slice.db.query(`explain select o.id from companies o where o.tenant_id = $1 and ${by} limit 21`, [TENANT]),
      );
      expect(JSON.stringify(plan)).toContain(index);
    }
  });
});
