import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';

const DESK = ['imports:run', 'customers:create', 'customers:read_all', 'customers:update_all', 'customers:delete_all'];
const OVER = ['done', 'failed', 'cancelled'];
type Answer = Awaited<ReturnType<Slice['http']>>;

describe('Imports', () => {
  let slice: Slice;
  let worker: Slice;
  let clerk: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: transfersContexts });
    worker = await bootSlice({ contexts: transfersContexts, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: DESK });
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const ask = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown, who = clerk): Promise<Answer> =>
    slice.http(method, `/api/v1${path}`, { token: who.token, body });
  const upload = (content: string | Buffer, query = '', who = clerk, headers: Record<string, string> = {}) =>
    slice.http('POST', `/api/v1/imports?entity=customers&name=people.csv${query}`, {
      token: who.token,
      body: Buffer.from(content),
      headers: { 'content-type': 'application/octet-stream', ...headers },
    });
  const NAMES: Record<string, string> = { First: 'firstName', Last: 'lastName', 'E-mail': 'email', Phone: 'phone' };
  const mapped = async (content: string | Buffer, over: object = {}, who = clerk): Promise<string> => {
    const { body, status } = await upload(content, '', who);
    expect(status, JSON.stringify(body)).toBe(201);
    const columns = (body.columns as string[]).flatMap((column) =>
      NAMES[column] ? [{ column, field: NAMES[column] }] : [],
    );
    const mapping = { columns, mode: 'create', ...over };
    const answer = await ask('PUT', `/imports/${body.id}/mapping`, mapping, who);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return body.id as string;
  };
  const settled = async (jobId: string, who = clerk) => {
    await expect
      .poll(async () => (await ask('GET', `/jobs/${jobId}`, undefined, who)).body.state as string, { timeout: 10_000, interval: 20 })
      .toSatisfy((state: string) => OVER.includes(state));
    return (await ask('GET', `/jobs/${jobId}`, undefined, who)).body;
  };
  const does = async (verb: 'dry-run' | 'run' | 'undo', id: string, who = clerk) => {
    const { status, body, headers } = await ask('POST', `/imports/${id}/${verb}`, undefined, who);
    expect(status, JSON.stringify(body)).toBe(202);
    expect(headers.location).toBe(`/api/v1/jobs/${body.id}`);
    const job = await settled(body.id as string, who);
    return { job, ...(await ask('GET', `/imports/${id}`, undefined, who)).body };
  };
  const rows = async (id: string, query = '') => (await ask('GET', `/imports/${id}/rows${query}`)).body.data;
  const customers = async (q: string) => (await ask('GET', `/customers?q=${q}`)).body.data;
  const word = () => `w${newId().slice(-12)}`;

  it('tell the columns, the shape and the first rows of a file', async () => {
    const { status, body } = await upload('First;E-mail\r\nMira;"m;1@x.example"\r\n');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ state: 'uploaded', entity: 'customers', name: 'people.csv', encoding: 'utf-8', delimiter: ';' },
      ...{ columns: ['First', 'E-mail'], sample: [['Mira', 'm;1@x.example']], mapping: null, report: null },
    });
  });

  it('try first, then import the same', async () => {
    const name = word();
    const id = await mapped(`First,Last,E-mail,Phone\nMira,${name},MIRA@${name}.example,+49 30 123456\nBo,${name},,\n,${name},x@${name}.example,\n`);
    const tried = await does('dry-run', id);
    expect(tried).toMatchObject({ state: 'ready', rowCount: 3, report: { created: 2, refused: 1 } });
    expect(await customers(name)).toEqual([]);
    expect(await rows(id, '?outcome=refused')).toMatchObject([{ number: 4, field: 'firstName' }]);
    const ran = await does('run', id);
    expect(ran).toMatchObject({ state: 'partial', report: { created: 2, refused: 1 }, job: { done: 3, total: 3, state: 'done' } });
    const made = await customers(name);
    expect(made.map((one: { firstName: string }) => one.firstName).sort()).toEqual(['Bo', 'Mira']);
    expect(made.find((one: { firstName: string }) => one.firstName === 'Mira')).toMatchObject({
      email: `mira@${name}.example`,
      phone: '+4930123456',
      source: 'import',
      createdBy: clerk.userId,
    });
    const { rows: told } = await slice.superuser.query(
      `select o.version, o.actor_id from outbox o where o.type = 'customers.created' and o.payload->>'customerId' = any ($1)`,
      [made.map((one: { id: string }) => one.id)],
    );
    expect(told).toEqual([{ version: 1, actor_id: clerk.userId }, { version: 1, actor_id: clerk.userId }]);
    const { rows: audited } = await slice.superuser.query(
      `select actor_id, action from audit_log where entity = 'customers' and entity_id = any ($1)`,
      [made.map((one: { id: string }) => one.id)],
    );
    expect(audited).toEqual([{ actor_id: clerk.userId, action: 'created' }, { actor_id: clerk.userId, action: 'created' }]);
  });
});
