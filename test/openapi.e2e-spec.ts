import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Documented } from './support/documented.js';
import { aMail } from './support/mails.js';
import { type Answer, type Client, Nexus } from './support/nexus.js';
import { type Document, idsOf, type Operation, operationsOf, readDocument } from './support/operations.js';

type Parameter = { name?: string; in?: string; example?: string };

const CUSTOMER = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@analytical.example' };
const CONSENT = { channel: 'email', purpose: 'newsletter', granted: true, source: 'web form' };
const NOBODY = '01920000-0000-7000-8000-00000000dead';
const ENDS_SESSIONS = /^(sessions|passwords)/;
/** They lead to another company's provider, of which the demo has none that answers: refused, as documented. */
const LEADS_AWAY = /^sso(Start|Callback)$/;

/** What the document says of an answer is what comes: no member too many, none missing, none of another type. */
describe('Answers and their document', () => {
  let nexus: Nexus;
  let admin: Client;
  let document: Document;
  let operations: Operation[];
  let documented: Documented;
  const paths = new Map<string, string>();

  beforeAll(async () => {
    nexus = await Nexus.start();
    admin = await nexus.login('admin');
    document = await readDocument(nexus);
    operations = operationsOf(document);
    documented = new Documented(document);
    await fillLists();
    await nexus.settled();
    await failForGood();
    const idOf = await idsOf(nexus, 'demo');
    for (const operation of operations)
      if (!paths.has(operation.id)) paths.set(operation.id, idOf(exampleOf(operation)));
    paths.set('linksList', exampleOf(operationOf('linksLink')));
    paths.set('authzExplain', '/api/v1/authz/explain?permission=customers:update');
    await nameMail();
    const { data } = (await admin.get('responses?status=pending_approval&limit=1')).body;
    paths.set('searchFind', '/api/v1/search?q=hopper');
    paths.set('ssoChoices', '/api/v1/auth/sso?email=nina@demo.example');
    paths.set('responsesApprovals', `/api/v1/responses/${data[0].id}/approvals`);
  });
  afterAll(() => nexus.stop());

  /** The path with the examples of its parameters, which are the demo's own records. */
  function exampleOf({ path, method }: Operation): string {
    const described = (document.paths[path]?.[method.toLowerCase()].parameters ?? []) as Parameter[];
    // a list may be filtered by an `id` of its own
    const inPath = described.filter((parameter) => parameter.in === 'path');
    const known = new Map(inPath.map(({ name, example }) => [name, example]));
    return path.replace(/\{([^}]+)\}/g, (whole, name: string) => known.get(name) ?? whole);
  }

  /** A record in each list that the demo leaves empty. */
  async function fillLists(): Promise<void> {
    const customer = await created('customersCreate', 'customers', CUSTOMER);
    expect((await admin.delete(`customers/${customer.id}`)).status).toBe(204);
    const [survivor, loser] = [
      await created('customersCreate', 'customers', { firstName: 'Ada' }),
      await created('customersCreate', 'customers', { firstName: 'A.' }),
    ];
    await created('customerMergingMerge', 'customers/merge', { survivorId: survivor.id, loserId: loser.id });
    const company = await created('companiesCreate', 'companies', { name: 'Of the trash' });
    expect((await admin.delete(`companies/${company.id}`)).status).toBe(204);
    const asked = { customerId: aCustomer(), subject: 'Trash', message: 'Nobody needs this.' };
    const inquiry = await created('inquiriesRecord', 'inquiries', asked);
    const quoting = { inquiryId: inquiry.id, message: 'It is {{inquiry.number}}.' };
    const response = await created('responsesCreate', 'responses', quoting);
    expect((await admin.post(`responses/${response.id}/submit`, { revision: 1 })).status).toBe(200);
    paths.set('responsesFacts', `/api/v1/responses/${response.id}/facts`);
    expect((await admin.delete(`inquiries/${inquiry.id}`)).status).toBe(204);
    const task = await created('tasksCreate', 'tasks', { title: 'Nobody needs this' });
    expect((await admin.delete(`tasks/${task.id}`)).status).toBe(204);
    const { id: me } = (await admin.get('auth/me')).body;
    await created('tasksCreate', 'tasks', { title: 'Of the administrator', assignees: [me] });
    const link = { kind: 'related', targetType: 'customer', targetId: aCustomer() };
    await created('linksLink', exampleOf(operationOf('linksLink')), link);
    await created('suppressionsAdd', 'suppressions', { address: 'gone@navy.example', reason: 'manual' });
    await created('serviceTokensCreate', 'service-tokens', { name: 'Reports', grants: ['customers:read_all'] });
    const { example: provider } = operationOf('ssoProvidersRegister');
    await created('ssoProvidersRegister', 'sso-providers', provider ?? {});
    await addPasskey();
    const mail = aMail({ attachment: { name: 'order.txt', text: 'Order 4711' } });
    await created('consentsRecord', `customers/${asked.customerId}/consents`, CONSENT);
    const { example: absence } = operationOf('approvalDelegationsDelegate');
    await created('approvalDelegationsDelegate', 'approvals/delegations', absence ?? {});
    const forgot = await nexus.request('POST', 'auth/password/forgot', { body: { email: 'cso@demo.example' } });
    expect(forgot.status).toBe(202);
    const raw = { type: 'message/rfc822', body: mail };
    expect((await admin.post('mail/raw', undefined, { raw })).status).toBe(202);
    const watch = exampleOf(operationOf('watchersWatch'));
    expect((await admin.put(watch)).status).toBe(204);
    paths.set('watchersList', watch.slice(0, watch.lastIndexOf('/')));
    const download = await admin.post(exampleOf(operationOf('filesLink')));
    paths.set('filesDownload', download.body.url);
    const exported = await admin.post(exampleOf(operationOf('exportsLink')));
    paths.set('exportsDownload', exported.body.url);
    const polled = operationOf('imapConfigure');
    expect((await admin.put(exampleOf(polled), polled.example)).status).toBe(200);
  }

  /** Only a device can make one. */
  async function addPasskey(): Promise<void> {
    const { id } = (await admin.get('auth/me')).body;
    await nexus.superuser.query(`select set_config('app.actor_id', $1, false)`, [id]);
    await nexus.superuser.query(
      `insert into passkeys (tenant_id, id, user_id, name, credential_id, public_key, sign_count, is_backed_up)
       select tenant_id, $2, id, 'Of a test', 'of-a-test', '\\x00', 0, true from users where id = $1`,
      [id, NOBODY],
    );
  }

  /** The customer of the examples. */
  const aCustomer = (): string => exampleOf(operationOf('customersGet')).split('/').at(-1) as string;
  const operationOf = (id: string): Operation => operations.find((operation) => operation.id === id) as Operation;

  async function created(id: string, path: string, body: object): Promise<{ id: string }> {
    const answer = await admin.post(path, body);
    expect({ id, status: answer.status, faults: faultsIn(id, answer) }).toEqual({ id, status: 201, faults: [] });
    return answer.body;
  }

  /** As if one delivery had failed on every attempt. */
  async function failForGood(): Promise<void> {
    const { rowCount } = await nexus.superuser.query(
      `update deliveries set state = 'dead', last_error = 'The mail server is away' where ctid =
         (select d.ctid from deliveries d join tenants t on t.id = d.tenant_id where t.slug = 'demo' limit 1)`,
    );
    expect(rowCount).toBe(1);
  }

  /** The mail that came in above, with its attachment. */
  async function nameMail(): Promise<void> {
    const { rows } = await nexus.superuser.query<{ mail_id: string; id: string }>(
      "select a.mail_id, a.id from mail_attachments a join tenants t on t.id = a.tenant_id where t.slug = 'demo' limit 1",
    );
    const mail = `/api/v1/mail/messages/${rows[0]?.mail_id}`;
    paths.set('mailsRead', mail);
    paths.set('mailsRaw', `${mail}/raw`);
    paths.set('mailsAttachment', `${mail}/attachments/${rows[0]?.id}`);
  }

  const faultsIn = (id: string, answer: Answer): string[] => documented.faultsIn(operationOf(id), answer);

  it('agree for every record and every list that can be read', async () => {
    const wrong: object[] = [];
    const reads = operations.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(50);
    for (const { id } of reads) {
      const answer = await admin.get(paths.get(id) ?? '');
      const faults = faultsIn(id, answer);
      if ((answer.status === 200) === LEADS_AWAY.test(id) || faults.length)
        wrong.push({ id, path: paths.get(id), status: answer.status, faults: faults.slice(0, 10) });
    }
    expect(wrong).toEqual([]);
  });

  it('were compared on rows: no list was empty', async () => {
    const empty: string[] = [];
    for (const { id, method } of operations) {
      if (method !== 'GET') continue;
      const { data } = (await admin.get(paths.get(id) ?? '')).body;
      if (Array.isArray(data) && data.length === 0) empty.push(id);
    }
    expect(empty).toEqual([]);
  });

  it('agree for searches, and for lists by cursor, by estimate and with what is related', async () => {
    for (const id of ['customersSearch', 'inquiriesSearch', 'dealsSearch']) {
      const answer = await admin.post(paths.get(id) ?? '', { where: { all: [] }, limit: 5 });
      expect({ id, faults: faultsIn(id, answer) }).toEqual({ id, faults: [] });
    }
    for (const query of ['cursor=&limit=2', 'count=estimate', 'count=none', 'include=customer,assignee']) {
      const answer = await admin.get(`inquiries?${query}`);
      expect({ query, faults: faultsIn('inquiriesList', answer) }).toEqual({ query, faults: [] });
    }
  });

  it('agree that what has not changed has no body', async () => {
    const versioned = operations.filter(
      ({ path, method }) => method === 'GET' && document.paths[path]?.get.responses['304'],
    );
    expect(versioned.length).toBeGreaterThan(15);
    for (const { id } of versioned) {
      const path = paths.get(id) ?? '';
      const etag = (await admin.get(path)).headers.get('etag') ?? '';
      const { status, body } = await admin.get(path, { headers: { 'if-none-match': etag } });
      expect({ id, status, body }).toEqual({ id, status: 304, body: '' });
    }
  });

  it('agree about refusals', async () => {
    const refusals = [
      ['healthLive', await nexus.request('GET', '/api/v1/health/live?colour=red')],
      ['customersGet', await admin.get('customers/no-id')],
      ['customersGet', await nexus.request('GET', `customers/${aCustomer()}`)],
      ['customersGet', await admin.get(`customers/${NOBODY}`)],
      ['customersCreate', await admin.post('customers', {})],
      ['customersCreate', await admin.post('customers', undefined, { raw: { type: 'text/csv', body: 'a' } })],
      ['responsesCreate', await admin.post('responses', { inquiryId: NOBODY, message: 'Hello' })],
      ['inquiriesRecord', await admin.post('inquiries', { customerId: NOBODY, subject: 'Hello', message: 'Hello' })],
      ['customersCreate', await admin.post('customers', { ...CUSTOMER, teamId: NOBODY })],
      ['sessionsLogin', await nexus.request('POST', 'auth/login', { body: { email: 'a@b.example', password: 'x' } })],
      ['registrationRegister', await nexus.request('POST', 'auth/register', { body: {} })],
    ] as const;
    for (const [id, answer] of refusals) {
      expect({ id, isRefused: answer.status >= 400, faults: faultsIn(id, answer) }).toEqual({
        id,
        isRefused: true,
        faults: [],
      });
    }
  });

  // The last: it changes whatever the examples name.
  it('agree for every write with its own example, whether it succeeds or is refused', async () => {
    const writes = operations.filter(({ id, method }) => method !== 'GET' && !ENDS_SESSIONS.test(id));
    const wrong: object[] = [];
    let succeeded = 0;
    for (const { id, method, example: body } of writes.sort((one, other) => rankOf(one) - rankOf(other))) {
      const answer = await nexus.request(method, paths.get(id) ?? '', {
        body,
        headers: { authorization: `Bearer ${admin.token}` },
      });
      const faults = faultsIn(id, answer);
      if (faults.length) wrong.push({ id, path: paths.get(id), status: answer.status, faults: faults.slice(0, 10) });
      if (answer.status < 300) succeeded++;
    }
    expect(wrong).toEqual([]);
    expect(succeeded).toBeGreaterThan(40);
  });

  const rankOf = ({ method }: Operation): number => ['POST', 'PATCH', 'PUT', 'DELETE'].indexOf(method);
});
