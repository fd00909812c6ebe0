import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aMail } from './support/mails.js';
import { type Client, Nexus } from './support/nexus.js';
import {
  type Document,
  type Operation,
  operationsOf,
  readDocument,
  type Schema,
  schemaOf,
} from './support/operations.js';

const OPERATOR = 'm4Rk7Tq2Vw9Xz1Bn6Cp8Ds3Fg5Hj0LaE';

const OWN = ['companies', 'tags', 'custom_fields', 'saved_views'];
const SALES = ['deals', 'leads', 'pipelines', 'pipeline_stages', 'products', 'tax_classes'];
/** Of the demo: a lead that may be given away and merged, and one that is ready to be converted. */
const LEAD = 'leads/01920000-0001-7042-8000-000000000001';
/** Of the demo: what a customer wrote. */
const MESSAGE = 'inquiries/01920000-0001-7006-8000-000000000007/messages/01920000-0001-7007-8000-000000000007';
const QUALIFIED = 'leads/01920000-0001-7042-8000-000000000005';
const TABLES = ['users', 'teams', 'roles', 'customers', 'inquiries', 'responses'];
const FURTHER = ['mailboxes', 'business_calendars', 'sla_policies', 'macros', 'tasks', 'projects', 'worklogs'];

/** What an attacker and an auditor try first, over two APIs. */
describe('the product under attack', () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let manager: Client;
  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 2, workers: 2, env: { LOG_LEVEL: 'trace', METRICS_TOKEN: OPERATOR } });
    [admin, cso, manager] = await Promise.all([nexus.login('admin'), nexus.login('cso'), nexus.login('manager')]);
  });
  afterAll(() => nexus.stop());

  const rows = async (sql: string, values: unknown[] = []) => (await nexus.superuser.query(sql, values)).rows;
  const idIn = async (slug: string, table: string): Promise<string> =>
    (
      await rows(`select x.id from ${table} x join tenants t on t.id = x.tenant_id where t.slug = $1 limit 1`, [slug])
    )[0].id;
  const idsIn = async (slug: string): Promise<Record<string, string>> => {
    const ids: Record<string, string> = {};
    for (const table of [...TABLES, ...FURTHER, ...SALES, ...OWN]) ids[table] = await idIn(slug, table);
    return ids;
  };
  const logIn = async (email: string, password: string) =>
    (await nexus.request('POST', 'auth/login', { body: { email, password } })).body;

  it('reads no raw mail for a stranger, however large and wherever it is sent', async () => {
    const raw = { type: 'message/rfc822', body: Buffer.alloc(20 * 1024 * 1024, 'a') };
    const begun = Date.now();
    expect((await nexus.request('POST', 'auth/login', { raw })).status).toBe(415);
    expect((await nexus.request('POST', 'mail/raw', { raw })).status).toBe(401);
    expect(Date.now() - begun).toBeLessThan(5_000);
  });

  it('takes no id of another tenant in a body', async () => {
    const [ours, theirs] = [await idsIn('demo'), await idsIn('acme')];
    const inquiry = { subject: 'Theirs', message: 'Is it?' };
    const deal = { name: 'Theirs', amount: 1, currency: 'EUR', expectedCloseDate: '2031-07-01' };
    const link = { kind: 'related' };
    const product = { kind: 'product', sku: 'THEIRS-1', name: 'Theirs' };
    const absence = { from: '2031-07-01T00:00:00Z', until: '2031-07-15T00:00:00Z' };
    const policy = { name: 'Theirs', allowSelfApproval: false, isActive: true };
    const provider = { name: 'Theirs', issuer: 'https://id.example', clientId: 'x', domains: ['id.example'] };
    const worked = { startedAt: '2026-11-02T08:00:00Z', minutes: 30 };
    const mailbox = { address: 'theirs@demo.example', name: 'Theirs' };
    const pin = { level: 'gold', reason: 'Theirs', until: '2031-07-01' };
    const tries: [method: 'POST' | 'PUT' | 'PATCH', path: string, body: object][] = [
      ['POST', `customers/${ours.customers}/assign`, { userId: theirs.users }],
      ['PATCH', `customers/${ours.customers}`, { teamId: theirs.teams }],
      ['POST', 'customers', { firstName: 'Theirs', teamId: theirs.teams }],
      ['PUT', `customers/${ours.customers}/referrer`, { customerId: theirs.customers }],
      ['PUT', `customers/${theirs.customers}/level-pin`, pin],
      ['POST', 'customers/merge', { survivorId: ours.customers, loserId: theirs.customers }],
      ['POST', 'customers/merge', { survivorId: theirs.customers, loserId: ours.customers }],
      ['PUT', `companies/${ours.companies}/contacts/${theirs.customers}`, { role: 'Theirs' }],
      ['PUT', `companies/${theirs.companies}/contacts/${ours.customers}`, { role: 'Theirs' }],
      ['POST', 'inquiries', { ...inquiry, customerId: theirs.customers }],
      ['POST', 'inquiries', { ...inquiry, customerId: ours.customers, teamId: theirs.teams }],
      ['POST', `inquiries/${ours.inquiries}/assign`, { assignedTo: theirs.users }],
      ['POST', `inquiries/${ours.inquiries}/assign`, { assignedTo: null, teamId: theirs.teams }],
      ['PUT', `customers/${ours.customers}`, { firstName: 'Theirs', teamId: theirs.teams }],
      ['PUT', `business-calendars/${ours.business_calendars}/teams`, { teamIds: [ours.teams, theirs.teams] }],
      ['POST', 'mailboxes', { ...mailbox, teamId: theirs.teams }],
      ['PUT', `mailboxes/${ours.mailboxes}`, { ...mailbox, teamId: theirs.teams }],
      ['PATCH', `mailboxes/${ours.mailboxes}`, { teamId: theirs.teams }],
      ['POST', 'sla-policies', { name: 'Theirs', calendarId: theirs.business_calendars }],
      ['PUT', `sla-policies/${ours.sla_policies}`, { name: 'Theirs', calendarId: theirs.business_calendars }],
      ['PATCH', `sla-policies/${ours.sla_policies}`, { calendarId: theirs.business_calendars }],
      ['PUT', `${MESSAGE}/visibility`, { visibility: 'team', userIds: [theirs.users] }],
      ['POST', 'responses', { inquiryId: theirs.inquiries, message: 'Theirs' }],
      ['POST', 'responses', { inquiryId: ours.inquiries, message: 'Theirs', corrects: theirs.responses }],
      ['POST', `inquiries/${ours.inquiries}/merge`, { into: theirs.inquiries }],
      ['POST', `inquiries/${ours.inquiries}/links`, { ...link, targetType: 'inquiry', targetId: theirs.inquiries }],
      ['POST', `inquiries/${ours.inquiries}/links`, { ...link, targetType: 'customer', targetId: theirs.customers }],
      ['POST', 'responses', { inquiryId: ours.inquiries, message: 'Theirs', macroId: theirs.macros }],
      ['POST', 'macros', { name: 'Theirs', body: 'Theirs', teamId: theirs.teams }],
      ['PUT', `macros/${ours.macros}`, { name: 'Theirs', body: 'Theirs', teamId: theirs.teams }],
      ['PATCH', `macros/${ours.macros}`, { teamId: theirs.teams }],
      ['PUT', `distribution-rules/${ours.teams}`, { strategy: 'round_robin', members: [{ userId: theirs.users }] }],
      ['PUT', `distribution-rules/${theirs.teams}`, { strategy: 'round_robin' }],
      ['PUT', `inquiries/${ours.inquiries}/watchers/${theirs.users}`, {}],
      ['POST', `macros/${ours.macros}/fill`, { inquiryId: theirs.inquiries }],
      ['POST', 'deals', { ...deal, customerId: theirs.customers }],
      ['POST', 'deals', { ...deal, teamId: theirs.teams }],
      ['POST', 'deals', { ...deal, ownerId: theirs.users }],
      ['POST', 'deals', { ...deal, pipelineId: theirs.pipelines }],
      ['POST', 'deals', { ...deal, stageId: theirs.pipeline_stages }],
      ['PUT', `deals/${ours.deals}`, { ...deal, customerId: theirs.customers }],
      ['PUT', `deals/${ours.deals}`, { ...deal, teamId: theirs.teams }],
      ['PATCH', `deals/${ours.deals}`, { customerId: theirs.customers }],
      ['PATCH', `deals/${ours.deals}`, { teamId: theirs.teams }],
      ['POST', `deals/${ours.deals}/stage`, { stageId: theirs.pipeline_stages }],
      ['POST', `deals/${ours.deals}/stage`, { stageId: ours.pipeline_stages, below: theirs.deals }],
      ['POST', 'deals', { ...deal, companyId: theirs.companies }],
      ['PATCH', `deals/${ours.deals}`, { companyId: theirs.companies }],
      ['PUT', `deals/${ours.deals}`, { ...deal, companyId: theirs.companies }],
      ['PUT', `deals/${ours.deals}/contacts/${theirs.customers}`, { role: 'Theirs' }],
      ['PUT', `deals/${ours.deals}/checklist`, { stageId: theirs.pipeline_stages, item: 'Theirs', isDone: true }],
      ['POST', `deals/${ours.deals}/approval`, { stageId: theirs.pipeline_stages }],
      ['POST', `deals/${ours.deals}/items`, { productId: theirs.products, quantity: '1' }],
      ['POST', 'products', { ...product, taxClassId: theirs.tax_classes }],
      ['PUT', `products/${ours.products}`, { ...product, kind: undefined, taxClassId: theirs.tax_classes }],
      ['PATCH', `products/${ours.products}`, { taxClassId: theirs.tax_classes }],
      ['POST', `deals/${ours.deals}/assign`, { ownerId: theirs.users }],
      ['POST', 'leads', { name: 'Theirs', teamId: theirs.teams }],
      ['POST', 'leads', { name: 'Theirs', ownerId: theirs.users }],
      ['PUT', LEAD, { name: 'Theirs', teamId: theirs.teams }],
      ['PATCH', LEAD, { teamId: theirs.teams }],
      ['POST', `${LEAD}/assign`, { ownerId: theirs.users }],
      ['POST', `${LEAD}/merge`, { into: theirs.leads }],
      ['POST', `${QUALIFIED}/convert`, { customerId: theirs.customers }],
      ['POST', `${QUALIFIED}/convert`, { companyId: theirs.companies }],
      ['POST', `${QUALIFIED}/convert`, { dealId: theirs.deals }],
      ['POST', `${QUALIFIED}/convert`, { deal: { name: 'Theirs', pipelineId: theirs.pipelines } }],
      ['POST', `${QUALIFIED}/convert`, { deal: { name: 'Theirs', stageId: theirs.pipeline_stages } }],
      ['PATCH', 'lead-settings', { mailboxIds: [theirs.mailboxes] }],
      ['POST', 'tasks', { title: 'Theirs', projectId: theirs.projects }],
      ['POST', 'tasks', { title: 'Theirs', projectId: ours.projects, milestoneId: theirs.projects }],
      ['POST', 'tasks', { title: 'Theirs', teamId: theirs.teams }],
      ['POST', 'tasks', { title: 'Theirs', assignees: [theirs.users] }],
      ['POST', 'tasks', { title: 'Theirs', dependsOn: [theirs.tasks] }],
      ['POST', 'tasks', { title: 'Theirs', links: [{ kind: 'customers', id: theirs.customers }] }],
      ['PUT', `tasks/${ours.tasks}`, { title: 'Theirs', projectId: theirs.projects }],
      ['PUT', `tasks/${ours.tasks}`, { title: 'Theirs', projectId: ours.projects, milestoneId: theirs.projects }],
      ['PUT', `tasks/${ours.tasks}`, { title: 'Theirs', teamId: theirs.teams }],
      ['PUT', `tasks/${ours.tasks}`, { title: 'Theirs', assignees: [theirs.users] }],
      ['PATCH', `tasks/${ours.tasks}`, { projectId: theirs.projects }],
      ['PATCH', `tasks/${ours.tasks}`, { projectId: ours.projects, milestoneId: theirs.projects }],
      ['PATCH', `tasks/${ours.tasks}`, { teamId: theirs.teams }],
      ['PATCH', `tasks/${ours.tasks}`, { assignees: [theirs.users] }],
      ['PUT', `tasks/${ours.tasks}/dependencies/${theirs.tasks}`, {}],
      ['POST', 'projects', { name: 'Theirs', customerId: theirs.customers }],
      ['POST', 'projects', { name: 'Theirs', teamId: theirs.teams }],
      ['POST', 'projects', { name: 'Theirs', from: theirs.projects }],
      ['POST', 'projects', { name: 'Theirs', ownerId: theirs.users }],
      ['POST', 'projects', { name: 'Theirs', members: [theirs.users] }],
      ['PUT', `projects/${ours.projects}`, { name: 'Theirs', customerId: theirs.customers }],
      ['PUT', `projects/${ours.projects}`, { name: 'Theirs', teamId: theirs.teams }],
      ['PUT', `projects/${ours.projects}`, { name: 'Theirs', ownerId: theirs.users }],
      ['PATCH', `projects/${ours.projects}`, { customerId: theirs.customers }],
      ['PATCH', `projects/${ours.projects}`, { teamId: theirs.teams }],
      ['PATCH', `projects/${ours.projects}`, { ownerId: theirs.users }],
      ['PUT', `projects/${ours.projects}/members/${theirs.users}`, {}],
      ['POST', 'worklogs/start', { taskId: theirs.tasks }],
      ['POST', 'worklogs/start', { projectId: theirs.projects }],
      ['POST', 'worklogs/start', { customerId: theirs.customers }],
      ['POST', 'worklogs', { ...worked, taskId: theirs.tasks }],
      ['POST', 'worklogs', { ...worked, projectId: theirs.projects }],
      ['POST', 'worklogs', { ...worked, customerId: theirs.customers }],
      ['POST', 'worklogs/approve', { ids: [theirs.worklogs] }],
      ['POST', 'notes', { recordKind: 'customers', recordId: theirs.customers, body: 'Theirs' }],
      ['PATCH', `custom-fields/${theirs.custom_fields}`, { label: 'Theirs' }],
      ['POST', `custom-fields/${theirs.custom_fields}/restore`, {}],
      ['PATCH', `views/${theirs.saved_views}`, { name: 'Theirs' }],
      ['PATCH', `views/${ours.saved_views}`, { audience: 'team', teamId: theirs.teams }],
      ['PUT', `views/${theirs.saved_views}/default`, {}],
      ['POST', 'views', { resource: 'customers', name: 'Theirs', audience: 'team', teamId: theirs.teams }],
      ['PUT', `tags/${ours.tags}/records/customers/${theirs.customers}`, {}],
      ['PUT', `tags/${theirs.tags}/records/customers/${ours.customers}`, {}],
      ['POST', 'approvals/delegations', { ...absence, toUserId: theirs.users }],
      ['POST', 'approvals/delegations', { ...absence, toUserId: ours.users, userId: theirs.users }],
      ['POST', `responses/${ours.responses}/delegate`, { revision: 1, toUserId: theirs.users }],
      ['PUT', 'approval-policies/responses.response', { ...policy, patience: { escalateToRoleId: theirs.roles } }],
      ['PUT', `teams/${ours.teams}/members/${theirs.users}`, {}],
      ['POST', 'teams', { name: 'Theirs', parentId: theirs.teams }],
      ['PUT', `teams/${ours.teams}`, { name: 'Theirs', parentId: theirs.teams }],
      ['PATCH', `teams/${ours.teams}`, { parentId: theirs.teams }],
      ['PUT', `scim-groups/${ours.teams}/roles`, { roles: [theirs.roles] }],
      ['PUT', `scim-groups/${theirs.teams}/roles`, { roles: [] }],
      ['PUT', `users/${ours.users}/roles`, { roles: [theirs.roles] }],
      ['POST', `users/${ours.users}/handover`, { to: theirs.users }],
      ['POST', `users/${theirs.users}/impersonate`, { reason: 'To look at what is theirs' }],
      ['POST', 'users', { email: 'theirs@demo.example', firstName: 'Theirs', roles: [theirs.roles] }],
      ['POST', 'sso-providers', { ...provider, roles: [theirs.roles] }],
    ];
    for (const [method, path, body] of tries) {
      const headers = { authorization: `Bearer ${admin.token}` };
      const { status } = await nexus.request(method, path, { body, headers });
      expect({ path, body, isRefused: [404, 422].includes(status) }).toEqual({ path, body, isRefused: true });
    }
    const operations = [
      { op: 'update', id: theirs.customers, data: { firstName: 'Ours' } },
      { op: 'create', data: { firstName: 'Ours', teamId: theirs.teams } },
      { op: 'assign', id: ours.customers, data: { userId: theirs.users } },
    ];
    const bulk = await admin.post('customers/bulk', { operations });
    expect(bulk.body.data.map(({ status }: { status: number }) => status)).toEqual([404, 422, 422]);
    const onInquiries = [
      { op: 'update', id: theirs.inquiries, data: { priority: 'low' } },
      { op: 'assign', id: ours.inquiries, data: { assignedTo: theirs.users } },
      { op: 'assign', id: ours.inquiries, data: { assignedTo: null, teamId: theirs.teams } },
    ];
    const inquiriesBulk = await admin.post('inquiries/bulk', { operations: onInquiries });
    expect(inquiriesBulk.body.data.map(({ status }: { status: number }) => status)).toEqual([404, 422, 422]);

    const tried = tries.map(([method, path, body]) => ({
      method,
      path: `/api/v1/${path}`,
      text: JSON.stringify(body),
    }));
    const document = await readDocument(nexus);
    const untried = operationsOf(document).flatMap((operation) => {
      const pattern = new RegExp(`^${operation.path.replace(/\{\w+\}/g, '[^/]+')}$`);
      const own = tried.filter(({ method, path }) => method === operation.method && pattern.test(path));
      return idsInBodyOf(document, operation)
        .filter((field) => !own.some(({ text }) => text.includes(`"${field}":`)))
        .map((field) => `${operation.id}: ${field}`);
    });
    expect(untried).toEqual([]);
  });

  /** The fields of its body that hold ids. */
  function idsInBodyOf(document: Document, { body }: Operation): string[] {
    const isId = (schema: Schema): boolean => schema.format === 'uuid' || schema.items?.format === 'uuid';
    return Object.entries(schemaOf(document, body)?.properties ?? {})
      .filter(([, schema]) => isId(schema))
      .map(([name]) => name);
  }

  it('finds nothing by an id of another tenant in a filter or a search', async () => {
    const { users, teams, customers, inquiries, companies } = await idsIn('acme');
    const theirs = { users, teams, customers, inquiries, companies };
    const grammar = new Set(['page', 'limit', 'cursor', 'count', 'sort', 'order', 'fields', 'include', 'q', 'trashed']);
    const lists = operationsOf(await readDocument(nexus)).filter(
      ({ method, path, parameters }) => method === 'GET' && parameters.includes('limit') && !path.includes('{'),
    );
    let found = 0;
    for (const { path, parameters } of lists) {
      for (const name of parameters.filter((one) => !grammar.has(one) && !one.includes('['))) {
        for (const id of Object.values(theirs)) {
          const { status, body } = await admin.get(`${path}?${name}=${id}`);
          if (status === 400) break; // no id stands there
          expect({ path, name, status, data: body.data }).toEqual({ path, name, status: 200, data: [] });
          found++;
        }
      }
    }
    expect(found).toBeGreaterThan(100);
    for (const path of ['customers', 'inquiries', 'deals']) {
      const where = { field: 'id', op: 'in', value: Object.values(theirs) };
      expect((await admin.post(`${path}/search`, { where })).body.data).toEqual([]);
    }
  });

  it('keeps two tenants apart over few connections, while callers hang up, fail and write', async () => {
    const callers = [admin, await nexus.login('admin@acme.example')];
    const slugs = ['demo', 'acme'];
    const records = await Promise.all(
      slugs.map((slug) =>
        rows('select c.id from customers c join tenants t on t.id = c.tenant_id where t.slug = $1', [slug]),
      ),
    );
    const own = records.map((all) => new Set(all.map(({ id }) => id as string)));
    const leaks: object[] = [];
    const ask = async (n: number): Promise<void> => {
      const [mine, other] = n % 2 ? [1, 0] : [0, 1];
      const caller = callers[mine]!;
      const at = nexus.apis[n % 3 ? 0 : 1];
      const theirs = [...own[other]!][n % own[other]!.size];
      if (n % 5 === 0) {
        const signal = AbortSignal.timeout(1 + (n % 9));
        const headers = { authorization: `Bearer ${caller.token}` };
        await fetch(`http://127.0.0.1:${at?.port}/api/v1/customers?limit=100`, { headers, signal }).catch(
          () => undefined,
        );
      } else if (n % 5 === 1) {
        const { status } = await caller.get(`customers/${theirs}`, { at });
        if (status !== 404) leaks.push({ n, status });
      } else if (n % 5 === 2) {
        const { body } = await caller.post('customers', { firstName: `Of ${slugs[mine]}`, company: 'Apart' }, { at });
        own[mine]?.add(body.id);
      } else {
        const { body } = await caller.get('customers?limit=50&order=desc', { at });
        const strangers = body.data.filter(
          ({ id, firstName }: { id: string; firstName: string }) =>
            own[other]?.has(id) || firstName === `Of ${slugs[other]}`,
        );
        if (strangers.length) leaks.push({ n, strangers });
      }
    };
    for (let at = 0; at < 600; at += 40) await Promise.all(Array.from({ length: 40 }, (_, n) => ask(at + n)));
    expect(leaks).toEqual([]);
    const written = await rows(
      "select t.slug, c.first_name, count(*)::int as n from customers c join tenants t on t.id = c.tenant_id where c.company = 'Apart' group by 1, 2 order by 1",
    );
    expect(written).toEqual([
      { slug: 'acme', first_name: 'Of acme', n: 60 },
      { slug: 'demo', first_name: 'Of demo', n: 60 },
    ]);
    await nexus.settled();
    const crossed = await rows(
      `select entity, action from audit_log a join users u on u.id = a.actor_id where u.tenant_id <> a.tenant_id
       union all select 'outbox', o.type from outbox o join users u on u.id = o.actor_id where u.tenant_id <> o.tenant_id`,
    );
    expect(crossed).toEqual([]);
  });

  it('answers one Idempotency-Key to each tenant and each user by itself', async () => {
    const callers = [admin, await nexus.login('senioradmin'), await nexus.login('admin@acme.example')];
    const headers = { 'idempotency-key': 'the-same-for-all' };
    const answers = await Promise.all(
      callers.map((caller) => caller.post('customers', { firstName: 'Same' }, { headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(3);
  });

  it('puts on record who came in, was kept out, and touched people, rights, keys, settings and sources', async () => {
    const password = 'Quiet-Harbour-78';
    const role = (await admin.post('roles', { name: 'Recorded', grants: ['customers:read_own'] })).body.id;
    const email = 'recorded@demo.example';
    const user = (await admin.post('users', { email, firstName: 'Re', password, roles: [role] })).body.id;
    const session = await logIn(email, password);
    const recorded = nexus.client(session.accessToken);
    await logIn(email, 'Quiet-Harbour-79');
    await recorded.get('audit');
    const used = { refreshToken: session.refreshToken };
    const next = (await nexus.request('POST', 'auth/refresh', { body: used })).body;
    await nexus.request('POST', 'auth/refresh', { body: { refreshToken: next.refreshToken } });
    await nexus.request('POST', 'auth/refresh', { body: used });
    await nexus.request('POST', 'auth/password/forgot', { body: { email } });
    await admin.patch(`roles/${role}`, { grants: ['customers:read_team'] });
    await admin.put(`users/${user}/roles`, { roles: [] });
    await nexus.client((await logIn(email, password)).accessToken).post('auth/logout');
    await admin.post(`users/${user}/deactivate`);
    const token = (await admin.post('service-tokens', { name: 'Recorded', grants: ['customers:read_all'] })).body.id;
    await admin.delete(`service-tokens/${token}`);
    await admin.patch('tenants/current', { title: 'Recorded' });
    await admin.put('response-settings', { sendsAutomatically: true });
    await admin.patch('inquiry-settings', { closeAfterDays: 9 });
    const raw = { type: 'message/rfc822', body: aMail({ from: 'Re <re@corded.example>' }) };
    const mail = (await admin.post('mail/raw', undefined, { raw })).body.id;
    await admin.get(`mail/messages/${mail}/raw`);
    const trail = await rows(
      `select distinct entity || ' ' || action as fact from audit_log a join tenants t on t.id = a.tenant_id where t.slug = 'demo'`,
    );
    expect(trail.map(({ fact }) => fact)).toEqual(
      expect.arrayContaining([
        ...[
          'users created',
          'users logged_in',
          'users login_refused',
          'users logged_out',
          'users refresh_token_reused',
        ],
        ...['users updated', 'user_roles created', 'user_roles deleted', 'roles created', 'roles updated'],
        ...['password_resets created', 'routes denied', 'service_tokens created', 'service_tokens updated'],
        ...['tenants updated', 'response_settings created', 'inquiry_settings created', 'mails source_read'],
      ]),
    );
  });

  it('shows the jobs of all tenants to the operator alone', async () => {
    const operator = { authorization: `Basic ${Buffer.from(`operator:${OPERATOR}`).toString('base64')}` };
    for (const path of ['/queues', '/queues/api/queues']) {
      expect((await admin.get(path)).status).toBe(401);
      expect((await nexus.request('GET', path)).headers.get('www-authenticate')).toMatch(/^Basic/);
      expect((await nexus.request('GET', path, { headers: operator })).status).toBe(200);
    }
    const clean = await nexus.request('PUT', '/queues/api/queues/deliveries/clean/completed', { headers: operator });
    expect(clean.status).toBe(405);
  });

  it('ends and changes access at once in every process, whatever is under way', async () => {
    const sales = await nexus.login('sales');
    const { id } = (await sales.get('auth/me')).body;
    const statuses = (client: Client, path: string) =>
      Promise.all(nexus.apis.map(async (at) => (await client.get(path, { at })).status));
    const during = async (client: Client, change: () => Promise<{ status: number }>): Promise<void> => {
      let isOver = false;
      const reading = nexus.apis.map(async (at) => {
        while (!isOver) await client.get('customers?limit=1', { at });
      });
      expect((await change()).status).toBe(200);
      isOver = true;
      await Promise.all(reading);
    };
    for (let round = 0; round < 10; round++) {
      const roles = round % 2 ? ['Sales Representative'] : [];
      const at = nexus.apis[round % 2];
      await during(sales, () => admin.put(`users/${id}/roles`, { roles }, { at }));
      expect(await statuses(sales, 'customers?limit=1')).toEqual(round % 2 ? [200, 200] : [403, 403]);
    }
    const headers = { 'idempotency-key': 'deactivate-sales' };
    await during(sales, () => admin.post(`users/${id}/deactivate`, {}, { headers }));
    expect(await statuses(sales, 'auth/me')).toEqual([401, 401]);
  });

  it('leaves secrets nowhere, and words only where they belong', async () => {
    const password = 'Canary-Password-1';
    const wanted = 'Canary-Password-2';
    const email = 'canary@demo.example';
    const user = { email, firstName: 'Canary', password, roles: ['CSO'] };
    expect((await admin.post('users', user, { headers: { 'idempotency-key': 'canary' } })).status).toBe(201);
    const session = await logIn(email, password);
    const change = { currentPassword: password, newPassword: wanted };
    expect((await nexus.client(session.accessToken).post('auth/password/change', change)).status).toBe(200);
    await logIn(email, 'Canary-Password-3');
    await nexus.request('POST', 'auth/password/forgot', { body: { email } });
    const key = (await admin.post('service-tokens', { name: 'Canary', grants: ['customers:read_own'] })).body.key;
    const words = await answer({ message: 'CanaryQuestion', note: 'CanaryNote', response: 'CanaryAnswer' });
    await nexus.settled();
    const mailed = JSON.stringify(nexus.sink.messages());
    const code = /(?<= {4})[\w-]{43}/.exec(mailed)?.[0] ?? '';
    expect(code).toHaveLength(43);

    const secrets = { password, wanted, wrong: 'Canary-Password-3', access: session.accessToken.split('.')[2], code };
    const canaries = { ...secrets, refresh: session.refreshToken, device: session.deviceToken, key: key.slice(13) };
    const found = await holdersOf({ ...canaries, ...words });
    expect(found).toEqual([
      'inquiries: message',
      'inquiry_messages: message',
      'inquiry_messages: note',
      'response_revisions: response',
      'responses: response',
      'search_documents: message',
    ]);
  });

  /** A question, a note and an answer that is approved. */
  async function answer(words: { message: string; note: string; response: string }): Promise<typeof words> {
    const customer = await cso.post('customers', { firstName: 'Canary', lastName: 'Bird' });
    const asked = { customerId: customer.body.id, subject: 'Where is my cage?', message: words.message };
    const inquiry = await cso.post('inquiries', asked);
    await cso.post(`inquiries/${inquiry.body.id}/notes`, { body: words.note });
    const { body } = await cso.post('responses', { inquiryId: inquiry.body.id, message: words.response });
    await cso.post(`responses/${body.id}/submit`, { revision: 1 });
    expect((await manager.post(`responses/${body.id}/approve`, { revision: 1 })).status).toBe(200);
    return words;
  }

  /** Every table, every key of Redis and all that was logged, searched for each of these. */
  async function holdersOf(canaries: Record<string, string>): Promise<string[]> {
    const places = new Map<string, string>();
    const tables = await rows(
      `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) places.set(name, JSON.stringify(await rows(`select x::text from ${name} x`)));
    for (const process of [...nexus.apis, ...nexus.workers]) places.set(`log of ${process.name}`, process.output);
    const redis = new Redis(String(nexus.env.REDIS_URL));
    for (const name of await redis.keys('*')) places.set(`redis ${name}`, `${name} ${await contentOf(redis, name)}`);
    await redis.quit();
    const held = [...places].flatMap(([place, text]) =>
      Object.entries(canaries)
        .filter(([, canary]) => text.includes(canary))
        .map(([name]) => `${place}: ${name}`),
    );
    return held.sort();
  }

  async function contentOf(redis: Redis, key: string): Promise<string> {
    switch (await redis.type(key)) {
      case 'hash':
        return JSON.stringify(await redis.hgetall(key));
      case 'list':
        return (await redis.lrange(key, 0, -1)).join();
      case 'zset':
        return (await redis.zrange(key, 0, -1)).join();
      case 'string':
        return (await redis.get(key)) ?? '';
      default:
        return '';
    }
  }
});
