import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Client, Nexus } from '../../support/nexus.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const PASSWORD = 'Nexus-Demo-1';

const expectEnvelope = ({ status, body }: Answer): void => {
  expect(status).toBe(200);
  expect(Object.keys(body).sort()).toEqual(['data', 'meta']);
};
const idsOf = ({ body }: Answer): string[] => body.data.map(({ id }: { id: string }) => id);

/** What the source's document promises its clients, literally, of what is built: each step stands on the one before. */
describe('Touch CRM', () => {
  let nexus: Nexus;
  let admin: Client;
  let manager: Client;
  let sales: Client;
  let salesId = '';
  let customerId = '';
  let foreignId = '';
  let projectId = '';
  let taskId = '';

  beforeAll(async () => {
    nexus = await Nexus.start();
    const names = ['admin', 'salesmanager', 'sales'];
    [admin, manager, sales] = (await Promise.all(names.map((name) => nexus.login(name)))) as [Client, Client, Client];
    salesId = (await sales.get('auth/me')).body.id;
  });
  afterAll(() => nexus?.stop());

  const logIn = (body: object) => nexus.request('POST', 'auth/login', { body: { tenant: 'demo', ...body } });

  describe('authentication', () => {
    it('POST /auth/login takes the username', async () => {
      const { status, body } = await logIn({ username: 'sales', password: PASSWORD });
      expect(status).toBe(200);
      expect(body).toMatchObject({ token: expect.any(String), user: { id: salesId, email: 'sales@demo.example' } });
      expect((await nexus.client(body.token).get('auth/me')).status).toBe(200);
      expect(await logIn({ username: 'sales', password: 'not-this-one' })).toMatchObject({ status: 401 });
    });

    it('GET /auth/me says who one is and what one may', async () => {
      const { status, body } = await sales.get('auth/me');
      expect(status).toBe(200);
      expect(body).toMatchObject({ id: salesId, username: 'sales', roles: [{ name: 'Sales Representative' }] });
      expect((await nexus.request('GET', 'auth/me')).status).toBe(401);
    });

    it('POST /auth/register is for administrators', async () => {
      const person = { email: 'tara@demo.example', username: 'tara', password: 'Quiet-Harbour-77', firstName: 'Tara' };
      const body = { ...person, roles: ['Sales Representative'] };
      for (const client of [sales, manager]) expect((await client.post('auth/register', body)).status).toBe(403);
      expect((await nexus.request('POST', 'auth/register', { body })).status).toBe(401);
      expect(await admin.post('auth/register', body)).toMatchObject({ status: 201, body: { username: 'tara' } });
      expect((await logIn({ username: 'tara', password: person.password })).status).toBe(200);
    });

    it('lets whoever was given a first password do nothing before a new one', async () => {
      const account = { email: 'first@demo.example', password: 'Quiet-Harbour-78' };
      const { id } = (await admin.post('users', { ...account, firstName: 'Fay', roles: ['Administrator'] })).body;
      await nexus.superuser.query(
        `begin; select set_config('app.actor_id', '${salesId}', true); update users set must_change_password = true where id = '${id}'; commit`,
      );
      const first = nexus.client((await logIn(account)).body.token);
      const refused = { status: 403, body: { code: 'password_change_required' } };
      expect(await first.get('customers')).toMatchObject(refused);
      const fresh = { currentPassword: account.password, newPassword: 'Quiet-Harbour-79' };
      expect((await first.post('auth/password/change', fresh)).status).toBeLessThan(300);
      const next = nexus.client((await logIn({ email: account.email, password: fresh.newPassword })).body.token);
      expect((await next.get('customers')).status).toBe(200);
    });
  });

  describe('permissions', () => {
    it('are named resource:action, with _own and _all', async () => {
      const { body } = await admin.get('roles?limit=100');
      const grantsOf = (name: string): string[] =>
        body.data.find((role: { name: string }) => role.name === name).grants as string[];
      expect(grantsOf('Sales Representative')).toEqual(
        expect.arrayContaining(['customers:create', 'customers:read_own', 'tasks:read_own', 'worklogs:read_own']),
      );
      expect(grantsOf('Sales Manager')).toContain('customers:read_all');
      expect(grantsOf('Sales Representative').join(' ')).not.toMatch(/(customers|projects|tasks|worklogs):\w+_all/);
    });
  });

  describe('customers', () => {
    const given = { firstName: 'Mira', lastName: 'Okafor', email: 'mira@okafor.example', phone: '+4930123456' };

    it('POST /customers creates, and refuses the same again', async () => {
      const { status, body } = await sales.post('customers', given);
      expect({ status, body }).toMatchObject({ status: 201, body: { ...given, status: 'lead' } });
      expect(body.id).toMatch(UUID);
      customerId = body.id;
      expect((await manager.post('customers', given)).status).toBe(409);
      foreignId = (await manager.post('customers', { ...given, email: 'noah@okafor.example', phone: null })).body.id;
    });

    it('GET /customers lists with filters: one’s own, or all', async () => {
      const mine = await sales.get('customers?status=lead&limit=100');
      expectEnvelope(mine);
      expect(idsOf(mine)).toContain(customerId);
      expect(idsOf(mine)).not.toContain(foreignId);
      expect(idsOf(await manager.get('customers?email=noah@okafor.example'))).toEqual([foreignId]);
      expect((await manager.get(`customers?email=${given.email}`)).body.meta.total).toBe(1);
    });

    it('GET, PUT and DELETE /customers/:id, each within one’s reach', async () => {
      expect((await sales.get(`customers/${customerId}`)).body).toMatchObject(given);
      const changed = await sales.put(`customers/${customerId}`, { ...given, company: 'Okafor Logistics' });
      expect(changed).toMatchObject({ status: 200, body: { company: 'Okafor Logistics', version: 2 } });
      for (const answer of [
        await sales.get(`customers/${foreignId}`),
        await sales.put(`customers/${foreignId}`, given),
        await sales.get(`customers/${foreignId}/worklogs`),
      ])
        expect(answer.status).toBe(404);
      const { id } = (await manager.post('customers', { firstName: 'Gone' })).body;
      expect((await admin.delete(`customers/${id}`)).status).toBe(204);
      expect((await admin.get(`customers/${id}`)).status).toBe(404);
    });
  });

  describe('projects and tasks', () => {
    it('POST /projects creates, for a customer', async () => {
      const { status, body, headers } = await sales.post('projects', { name: 'New hall', customerId });
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { name: 'New hall', customerId, status: 'planned', ownerId: salesId, progress: 0 },
      });
      projectId = body.id;
      expect(headers.get('location')).toBe(`/api/v1/projects/${projectId}`);
      expect((await sales.post('projects', { customerId })).status).toBe(400);
      expect((await sales.post('projects', { name: 'Theirs', customerId: foreignId })).status).toBe(422);
    });

    it('GET /projects lists', async () => {
      const mine = await sales.get(`projects?customerId=${customerId}`);
      expectEnvelope(mine);
      expect(idsOf(mine)).toEqual([projectId]);
    });

    it('POST /tasks creates, also what comes again', async () => {
      const given = { title: 'Measure the hall', projectId, dueOn: '2030-11-04', assignees: [salesId] };
      const created = await sales.post('tasks', { ...given, recurrence: { rule: 'FREQ=WEEKLY' } });
      expect(created).toMatchObject({
        status: 201,
        body: { ...given, status: 'todo', recurrence: { nextOn: '2030-11-11', isActive: true } },
      });
      taskId = created.body.id;
    });

    it('GET /tasks/my-tasks lists what one has to do', async () => {
      const mine = await sales.get('tasks/my-tasks?limit=100');
      expectEnvelope(mine);
      expect(idsOf(mine)).toContain(taskId);
      for (const { assignees } of mine.body.data) expect(assignees).toContain(salesId);
      expect(idsOf(await manager.get('tasks/my-tasks?limit=100'))).not.toContain(taskId);
    });

    it('PUT /tasks/:id/status moves it, as the states allow', async () => {
      const move = (status: string) => sales.put(`tasks/${taskId}/status`, { status });
      expect(await move('in_progress')).toMatchObject({ status: 200, body: { status: 'in_progress' } });
      expect(await move('done')).toMatchObject({ status: 200, body: { completedAt: expect.any(String) } });
      expect(await move('review')).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
      expect((await move('finished')).status).toBe(400);
      expect((await sales.put(`tasks/${taskId}`, { title: 'x', status: 'todo' })).status).toBe(400);
    });

    it('duplicates recurring tasks daily at 6:00', async () => {
      const { rows } = await nexus.superuser.query(
        `select distinct to_char(next_run_at at time zone zone, 'HH24:MI') as at from schedules where name = 'tasks.spawn-occurrences'`,
      );
      expect(rows).toEqual([{ at: '06:00' }]);
    });
  });

  describe('work logs', () => {
    it('POST /worklogs records, GET /worklogs lists one’s own', async () => {
      const given = { taskId, startedAt: '2026-11-02T08:00:00Z', minutes: 90, description: 'Measured the hall' };
      const { status, body } = await sales.post('worklogs', given);
      expect({ status, body }).toMatchObject({
        status: 201,
        body: { minutes: 90, userId: salesId, taskId, projectId, customerId, status: 'recorded' },
      });
      const mine = await sales.get('worklogs?limit=100');
      expectEnvelope(mine);
      expect(idsOf(mine)).toContain(body.id);
      for (const { userId } of mine.body.data) expect(userId).toBe(salesId);
      expect(idsOf(await admin.get(`worklogs?userId=${salesId}&limit=100`))).toContain(body.id);
    });

    it('GET /customers/:id/worklogs lists what was worked for one', async () => {
      const answer = await sales.get(`customers/${customerId}/worklogs`);
      expectEnvelope(answer);
      expect(answer.body.data).toMatchObject([{ taskId, minutes: 90, customerId }]);
    });
  });

  it('shows its documentation at /api-docs', async () => {
    const page = await nexus.request('GET', '/api-docs');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    const { body } = await nexus.request('GET', '/api-docs-json');
    const promised = {
      'auth/login': ['post'],
      'auth/register': ['post'],
      'auth/me': ['get'],
      customers: ['post', 'get'],
      'customers/{id}': ['get', 'put', 'delete'],
      'customers/{id}/worklogs': ['get'],
      projects: ['post', 'get'],
      tasks: ['post'],
      'tasks/my-tasks': ['get'],
      'tasks/{id}/status': ['put'],
      worklogs: ['post', 'get'],
    };
    for (const [path, methods] of Object.entries(promised))
      expect(Object.keys(body.paths[`/api/v1/${path}`])).toEqual(expect.arrayContaining(methods));
  });
});
