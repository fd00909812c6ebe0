import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsContexts } from '../testing.js';

const LEADS = ['leads:read_all', 'leads:create', 'leads:update_all', 'leads:assign_all', 'leads:convert_all'];
const PARTS = [
  ...['customers:read_all', 'customers:create', 'customers:update_all', 'customers:delete_all', 'customers:merge'],
  ...['companies:read', 'companies:create', 'companies:update'],
  ...['deals:read_all', 'deals:create', 'deals:update_all', 'pipelines:read'],
];
const HANGING = ['notes:write', 'notes:read', 'files:read', 'tags:manage', 'tags:read', 'tags:apply'];

describe('A lead is converted', () => {
  let slice: Slice;
  let mira: SignedIn;
  let selma: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts });
    mira = await signIn(slice, { grants: [...LEADS, ...PARTS, ...HANGING] });
    selma = await signIn(slice, { grants: ['leads:read_own', 'customers:read_own'] });
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object, by = mira, headers = {}) =>
    slice.http(method, `/api/v1/${path}`, { token: by.token, body, headers });
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await call('POST', path, body);
    expect(answer.body).toMatchObject({ id: expect.any(String) });
    return answer.body.id;
  };
  const anEmail = (): string => `noor-${newId()}@haddad.example`;
  const aQualified = async (over: object = {}): Promise<string> => {
    const id = await made('leads', { name: 'Noor Haddad', email: anEmail(), ownerId: selma.userId, ...over });
    await call('POST', `leads/${id}/contact`);
    expect((await call('POST', `leads/${id}/qualify`)).body.status).toBe('qualified');
    return id;
  };
  const convert = (id: string, to: object = {}, by = mira, headers = {}) =>
    call('POST', `leads/${id}/convert`, to, by, headers);
  const count = async (table: string): Promise<number> =>
    (await slice.superuser.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]!.n;

  it('into a new customer with a new company and a new deal', async () => {
    const email = anEmail();
    const id = await aQualified({ email, phone: '+4930901821', company: 'Haddad Freight', source: 'trade-fair' });
    const deal = { name: 'Weekly freight', amount: 480_000, expectedCloseDate: '2031-03-31' };
    const { status, body } = await convert(id, { opensCompany: true, deal });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'converted', version: 4, convertedAt: expect.any(String) });
    const { body: customer } = await call('GET', `customers/${body.customerId}`);
    expect(customer).toMatchObject({
      ...{ firstName: 'Noor', lastName: 'Haddad', email, phone: '+4930901821', company: 'Haddad Freight' },
      ...{ status: 'prospect', source: 'trade-fair', assignedTo: selma.userId },
    });
    expect((await call('GET', `customers/${body.customerId}/companies`)).body.data).toMatchObject([
      { companyId: body.companyId, name: 'Haddad Freight' },
    ]);
    expect((await call('GET', `deals/${body.dealId}`)).body).toMatchObject({
      ...deal,
      ...{ customerId: body.customerId, companyId: body.companyId, status: 'open', ownerId: mira.userId },
    });
    expect((await call('GET', `customers/${body.customerId}`, undefined, selma)).status).toBe(200);
  });

  it('into a customer, a company and a deal that are there already', async () => {
    const customerId = await made('customers', { firstName: 'Noor', email: anEmail() });
    const companyId = await made('companies', { name: newId() });
    const dealId = await made('deals', { name: 'Freight' });
    const id = await aQualified();
    const before = await count('customers');
    const { body } = await convert(id, { customerId, companyId, dealId });
    expect(body).toMatchObject({ status: 'converted', customerId, companyId, dealId });
    expect(await count('customers')).toBe(before);
    expect((await call('GET', `deals/${dealId}`)).body).toMatchObject({ customerId, companyId, name: 'Freight' });
    expect((await call('GET', `customers/${customerId}/companies`)).body.data).toHaveLength(1);
  });

  it('not into a second record of somebody who has the address or the number, who is named', async () => {
    const [email, phone] = [anEmail(), '+4930901999'];
    const known = await made('customers', { firstName: 'Noor', email, phone });
    const id = await aQualified({ email: email.toUpperCase(), phone });
    const refused = await convert(id);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'customer_known', known: [{ customerId: known, by: ['email', 'phone'] }] },
    });
    expect(refused.body.errors).toMatchObject([{ pointer: '/customerId' }]);
    expect((await call('GET', `leads/${id}`)).body.status).toBe('qualified');
    expect((await convert(id, { sharesPhone: true })).body.code).toBe('customer_known');
    expect((await convert(id, { customerId: known })).body).toMatchObject({ status: 'converted', customerId: known });
  });

  it('into a new customer beside one with the same number, where somebody says so', async () => {
    const phone = '+4930901998';
    await made('customers', { firstName: 'The other', phone });
    const id = await aQualified({ phone });
    expect((await convert(id)).body.known).toMatchObject([{ by: ['phone'] }]);
    expect((await convert(id, { sharesPhone: true })).body.status).toBe('converted');
  });

  it('without naming whom the caller may not read', async () => {
    const email = anEmail();
    await made('customers', { firstName: 'Hidden', email });
    const id = await aQualified({ email });
    const clerk = await signIn(slice, { grants: [...LEADS, 'customers:read_own', 'customers:create'] });
    expect(await convert(id, {}, clerk)).toMatchObject({ status: 409, body: { code: 'customer_known', known: [] } });
  });

  it('once, however many convert it at once', async () => {
    for (let round = 0; round < 3; round++) {
      const id = await aQualified({ company: newId() });
      const [customers, deals] = [await count('customers'), await count('deals')];
      const to = { opensCompany: true, deal: { name: 'Freight' } };
      const answers = await Promise.all(Array.from({ length: 6 }, () => convert(id, to)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      const { customerId, companyId, dealId } = won[0]!.body;
      for (const { status, body } of answers.filter((answer) => answer !== won[0]))
        expect({ status, ...body }).toMatchObject({
          status: 409,
          code: 'already_converted',
          customerId,
          companyId,
          dealId,
        });
      expect([await count('customers'), await count('deals')]).toEqual([customers + 1, deals + 1]);
    }
  });

  it('with one customer for two leads of one address that are converted at once', async () => {
    const email = anEmail();
    const [one, other] = [await aQualified({ email }), await aQualified({ email })];
    const answers = await Promise.all([convert(one), convert(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('customer_known');
  });

  it('again by the same request, with the answer of the first', async () => {
    const id = await aQualified();
    const key = { 'idempotency-key': newId() };
    const first = await convert(id, {}, mira, key);
    expect((await convert(id, {}, mira, key)).body).toEqual(first.body);
    expect(await convert(id)).toMatchObject({ status: 409, body: { customerId: first.body.customerId } });
  });

  it('wholly or not at all', async () => {
    const id = await aQualified({ company: newId() });
    const [customers, companies] = [await count('customers'), await count('companies')];
    const lost = await made('deals', { name: 'Lost' });
    await call('POST', `deals/${lost}/lose`, { reason: 'Price' });
    const others = await made('deals', {
      name: 'Theirs',
      customerId: await made('customers', { firstName: 'Theirs' }),
    });
    const refusals: [object, number, string][] = [
      [{ opensCompany: true, dealId: lost }, 409, 'deal_not_open'],
      [{ opensCompany: true, dealId: others }, 409, 'deal_of_another_customer'],
      [{ opensCompany: true, dealId: newId() }, 404, 'not_found'],
      [{ opensCompany: true, deal: { name: 'x', pipelineId: newId() } }, 422, 'pipeline_unknown'],
      [{ companyId: newId() }, 422, 'company_unknown'],
      [{ companyId: newId(), opensCompany: true }, 422, 'either_or'],
      [{ dealId: newId(), deal: { name: 'x' } }, 422, 'either_or'],
      [{ customerId: newId() }, 404, 'not_found'],
    ];
    for (const [to, status, code] of refusals) expect(await convert(id, to)).toMatchObject({ status, body: { code } });
    expect([await count('customers'), await count('companies')]).toEqual([customers + 1, companies]);
    expect((await call('GET', `leads/${id}`)).body).toMatchObject({ status: 'qualified', version: 3 });
    const nameless = await aQualified();
    expect((await convert(nameless, { opensCompany: true })).body.code).toBe('company_nameless');
  });

  it.each([
    ['customers:create', {}],
    ['companies:create', { opensCompany: true }],
    ['deals:create', { deal: { name: 'Freight' } }],
  ])('only with %s for the part that takes it', async (missing, to) => {
    const clerk = await signIn(slice, { grants: [...LEADS, ...PARTS].filter((grant) => grant !== missing) });
    const id = await aQualified({ company: newId() });
    expect(await convert(id, to, clerk)).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', permission: missing },
    });
    expect((await call('GET', `leads/${id}`)).body.status).toBe('qualified');
  });

  it('not before it is qualified, nor by somebody who only reads it', async () => {
    const id = await made('leads', { name: 'Too early', ownerId: selma.userId });
    expect((await convert(id)).body.code).toBe('invalid_transition');
    const reader = await signIn(slice, { grants: ['leads:read_all', 'leads:convert_own'] });
    expect(await convert(await aQualified(), {}, reader)).toMatchObject({
      status: 403,
      body: { code: 'out_of_reach' },
    });
  });

  it('and what hung on it is told in the timeline of the customer', async () => {
    const id = await aQualified({ subject: 'Freight' });
    await made('notes', { recordKind: 'leads', recordId: id, body: 'Speaks Arabic.' });
    const { customerId } = (await convert(id)).body;
    const { body } = await call('GET', `customers/${customerId}/timeline`);
    const kinds = body.data.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['leads.created', 'leads.converted', 'notes.written']));
    expect(body.data.find(({ kind }: { kind: string }) => kind === 'notes.written')).toMatchObject({
      ref: { resource: 'leads', id },
    });
  });

  it('and goes with its customer into a merge, and back', async () => {
    const [survivor, id] = [await made('customers', { firstName: 'Survivor' }), await aQualified()];
    const { customerId: loser } = (await convert(id)).body;
    const merged = await call('POST', 'customers/merge', { survivorId: survivor, loserId: loser });
    expect((await call('GET', `leads/${id}`)).body).toMatchObject({ customerId: survivor, status: 'converted' });
    await call('POST', `merges/${merged.body.id}/undo`);
    expect((await call('GET', `leads/${id}`)).body.customerId).toBe(loser);
  });
});
