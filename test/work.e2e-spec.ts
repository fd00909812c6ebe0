import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from './support/nexus.js';

/** As Touch CRM's people do it: a project, its tasks, the time they took, and who takes over. */
describe('work that is given, done, timed, approved and handed over', () => {
  let nexus: Nexus;
  let admin: Client;
  let cso: Client;
  let manager: Client;
  let me = '';
  let customerId = '';
  let projectId = '';
  let taskId = '';

  beforeAll(async () => {
    nexus = await Nexus.start();
    [admin, cso, manager] = (await Promise.all(['admin', 'cso', 'manager'].map((name) => nexus.login(name)))) as [
      Client,
      Client,
      Client,
    ];
    me = (await cso.get('auth/me')).body.id;
    customerId = (await manager.get('customers?limit=1')).body.data[0].id;
  });
  afterAll(() => nexus.stop());

  it('begins as a project for a customer, with somebody in it', async () => {
    const rate = { amount: 9000, currency: 'EUR' };
    const created = await manager.post('projects', { name: 'Roof', customerId, rate, members: [me] });
    expect(created.status).toBe(201);
    projectId = created.body.id;
    expect((await manager.put(`projects/${projectId}/status`, { status: 'active' })).body.status).toBe('active');
    expect((await cso.get(`projects/${projectId}`)).status).toBe(200);
  });

  it('is given to somebody, in whose list it stands', async () => {
    const given = { title: 'Measure the roof', projectId, dueOn: '2020-01-06', zone: 'Europe/Berlin', assignees: [me] };
    const created = await manager.post('tasks', { ...given, recurrence: { rule: 'FREQ=DAILY', basis: 'completion' } });
    expect(created.status).toBe(201);
    taskId = created.body.id;
    expect((await cso.get('tasks/my-tasks')).body.data[0]).toMatchObject({ id: taskId, title: 'Measure the roof' });
    const { body } = await admin.get(`audit?entity=tasks&entityId=${taskId}`);
    expect(body.data[0]).toMatchObject({ action: 'created' });
  });

  it('is timed by one timer, however many are started at once', async () => {
    const starts = await Promise.all([1, 2, 3, 4].map(() => cso.post('worklogs/start', { taskId })));
    expect(starts.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    await cso.put(`tasks/${taskId}/status`, { status: 'in_progress' });
    const { body } = await cso.post('worklogs/stop', { description: 'On the ladder' });
    expect(body).toMatchObject({ minutes: 1, customerId, projectId, rate: { amount: 9000, currency: 'EUR' } });
    expect((await cso.post('worklogs/approve', { ids: [body.id] })).status).toBe(403);
    expect((await manager.post('worklogs/approve', { ids: [body.id] })).body).toEqual({ ids: [body.id] });
    expect((await cso.patch(`worklogs/${body.id}`, { minutes: 60 })).body).toMatchObject({ code: 'worklog_locked' });
    expect((await manager.get(`customers/${customerId}/worklogs?taskId=${taskId}`)).body.data).toHaveLength(1);
  });

  it('comes again once it is done, once, however often it is done', async () => {
    expect((await cso.put(`tasks/${taskId}/status`, { status: 'done' })).body.status).toBe('done');
    await nexus.settled();
    await cso.put(`tasks/${taskId}/status`, { status: 'todo' });
    await cso.put(`tasks/${taskId}/status`, { status: 'done' });
    await nexus.settled();
    const { rows } = await nexus.superuser.query<{ tasks: number; waiting: boolean }>(
      `select count(*)::int as tasks, bool_or(r.next_on is not null) as waiting from tasks t join task_recurrences r on r.id = t.recurrence_id where t.project_id = $1`,
      [projectId],
    );
    // before six in the morning tomorrow's is due only after the next morning: it is planned and not yet made
    expect(rows[0]!.tasks + Number(rows[0]!.waiting)).toBe(2);
  });

  it('passes to a colleague in one commit, and leaves whoever is deactivated', async () => {
    const account = { email: 'leaver@demo.example', password: 'Quiet-Harbour-77' };
    const leaver = (await admin.post('users', { ...account, firstName: 'Lea', roles: ['CSO'] })).body.id;
    const given = await manager.post('tasks', { title: 'Order tiles', assignees: [leaver] });
    const passed = await admin.post(`users/${leaver}/handover`, { to: me, kinds: ['tasks'] });
    expect(passed.body.passed).toEqual([{ kind: 'tasks', count: 1 }]);
    expect((await cso.get(`tasks/${given.body.id}`)).body.assignees).toEqual([me]);
    const kept = await manager.post('tasks', { title: 'Count tiles', assignees: [leaver] });
    const login = await nexus.request('POST', 'auth/login', { body: account });
    await nexus.client(login.body.accessToken).post('worklogs/start', {});
    expect((await admin.post(`users/${leaver}/deactivate`)).status).toBe(200);
    await nexus.settled();
    expect((await manager.get(`tasks/${kept.body.id}`)).body.assignees).toEqual([]);
    expect((await manager.get(`worklogs?userId=${leaver}`)).body.data).toMatchObject([
      { status: 'recorded', minutes: 1 },
    ]);
  });

  it('has its morning in each tenant’s own zone', async () => {
    const { rows } = await nexus.superuser.query(
      `select t.slug, s.zone, to_char(s.next_run_at at time zone s.zone, 'HH24:MI') as time from schedules s
       join tenants t on t.id = s.tenant_id where s.name = 'tasks.spawn-occurrences' and t.slug in ('acme', 'demo') order by 1`,
    );
    expect(rows).toEqual([
      { slug: 'acme', zone: 'America/New_York', time: '06:00' },
      { slug: 'demo', zone: 'Europe/Berlin', time: '06:00' },
    ]);
  });
});
