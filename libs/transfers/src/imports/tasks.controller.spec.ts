import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { workContexts } from '@app/work/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transfersContexts } from '../testing.js';
import { Importer } from './testing/importer.js';

const CONTEXTS = [...new Set([...workContexts, ...transfersContexts])];
const GRANTS = [
  ...['imports:run', 'tasks:create', 'tasks:read_all', 'tasks:update_all', 'tasks:delete_all', 'tasks:export'],
  ...['projects:create', 'projects:read_own', 'projects:update_own'],
];

describe('Tasks from files', () => {
  let slice: Slice;
  let worker: Slice;
  let [clerk, colleague]: SignedIn[] = [];
  let desk: Importer;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: CONTEXTS });
    worker = await bootSlice({ contexts: CONTEXTS, app: 'worker', beside: slice });
    clerk = await signIn(slice, { grants: GRANTS });
    colleague = await signIn(slice, { grants: ['projects:create', 'tasks:read_own'] });
    desk = new Importer(slice, 'tasks', clerk);
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const word = () => `w${newId().slice(-12)}`;
  const listed = async (title: string) =>
    (await desk.ask('GET', `tasks?sort=createdAt&title[starts]=${title}`)).body.data as (Record<string, unknown> & {
      id: string;
    })[];
  const aProject = async (name: string, who = clerk!) => {
    const made = await slice.http('POST', '/api/v1/projects', { token: who.token, body: { name } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.id as string;
  };
  const mailOf = async ({ userId }: SignedIn): Promise<string> =>
    (await slice.superuser.query('select email from users where id = $1', [userId])).rows[0].email;

  it('find their project and who does them by name', async () => {
    const name = word();
    const project = await aProject(`${name} move`);
    await aProject(`${name} secret`, colleague);
    const both = `${(await mailOf(colleague!)).toUpperCase()}; ${clerk!.userId}`;
    const rows = [
      `${name} A,blocked,waits,high,2031-03-03,,Europe/Vienna,${name} MOVE,${both}`,
      `${name} B,done,,,,2031-03-03T10:00:00Z,,,`,
      `${name} C,,,,,,,${name} secret,`,
      `${name} D,,,,,,,,nobody@x.example`,
      `${name} E,blocked,,,,,,,`,
      `${name} F,,,urgently,,,,,`,
      `${name} G,,,,2031-03-03,2031-03-03T10:00:00Z,,,`,
    ];
    const head = 'title,status,blockedBecause,priority,dueOn,dueAt,zone,project,assignees';
    const id = await desk.mapped([head, ...rows].join('\n'));
    expect((await desk.does('dry-run', id)).report).toEqual({ created: 2, refused: 5 });
    expect(await listed(name)).toEqual([]);
    expect((await desk.does('run', id)).report).toEqual({ created: 2, refused: 5 });
    expect(await desk.refusals(id)).toEqual([
      [4, 'project_not_found', 'project'],
      [5, 'assignee_unavailable', 'assignees'],
      [6, expect.any(String), expect.anything()],
      [7, 'is_in', 'priority'],
      [8, 'due_twice', 'dueOn'],
    ]);
    const [a, b] = await listed(name);
    expect(a).toMatchObject({
      ...{ status: 'blocked', blockedBecause: 'waits', priority: 'high', dueOn: '2031-03-03', zone: 'Europe/Vienna' },
      ...{ projectId: project, assignees: [colleague!.userId, clerk!.userId], version: 1 },
    });
    expect(b).toMatchObject({ status: 'done', dueAt: '2031-03-03T10:00:00.000Z', completedAt: expect.any(String) });
  });

  it('are done once nothing is open before them, and put back as they were', async () => {
    const name = word();
    await desk.run(`title\n${name} A\n${name} B`);
    const [a, b] = await listed(name);
    await desk.ask('PUT', `tasks/${b!.id}/dependencies/${a!.id}`);
    const waiting = await desk.run(`id,status\n${b!.id},done`, { mode: 'update', match: ['id'] });
    expect(await desk.refusals(waiting.id)).toEqual([[2, 'dependencies_open', null]]);
    const id = await desk.mapped(`title,status,priority,dueAt\n${name} A,in_progress,low,2031-03-03T10:00:00Z`, {
      ...{ mode: 'update', match: ['title'] },
    });
    expect((await desk.does('run', id)).report).toEqual({ updated: 1 });
    expect((await desk.does('undo', id)).report).toMatchObject({ undone: 1, kept: 0 });
    expect((await listed(name))[0]).toMatchObject({ status: 'todo', priority: 'normal', dueAt: null });
    const done = await desk.mapped(`id,status\n${a!.id},done`, { mode: 'update', match: ['id'] });
    await desk.does('run', done);
    expect((await listed(name))[0]).toMatchObject({ status: 'done', completedAt: expect.any(String) });
    expect((await desk.does('undo', done)).report).toMatchObject({ undone: 1, kept: 0 });
    expect((await listed(name))[0]).toMatchObject({ status: 'todo', completedAt: null });
  });

  it('bring fields of the company, which leave with them and are put back', async () => {
    const name = word();
    const boss = await signIn(slice, { grants: ['custom-fields:manage'] });
    for (const field of [
      { key: 'costCentre', type: 'text', max: 4 },
      { key: 'effort', type: 'number' },
    ]) {
      const body = { recordKind: 'tasks', label: field.key, ...field };
      expect((await slice.http('POST', '/api/v1/custom-fields', { token: boss.token, body })).status).toBe(201);
    }
    const made = await desk.run(`title,cf.costCentre,cf.effort\n${name} A,4711,2.5\n${name} B,47110,1`);
    expect(made.report).toEqual({ created: 1, refused: 1 });
    const values = async () => (await listed(name)).map(({ customFields }) => customFields);
    expect(await values()).toEqual([{ costCentre: '4711', effort: 2.5 }]);
    const plan = { mode: 'update', match: ['title'] } as const;
    const id = await desk.mapped(`title,cf.effort\n${name} A,3`, { ...plan, match: [...plan.match] });
    expect((await desk.does('run', id)).report).toEqual({ updated: 1 });
    expect(await values()).toEqual([{ costCentre: '4711', effort: 3 }]);
    const fields = 'title,cf.costCentre,cf.effort';
    const { body } = await desk.ask('GET', `tasks/export?title[starts]=${name}&fields=${fields}`);
    expect((body as string).trimEnd().split('\r\n')).toEqual([`id,${fields}`, expect.stringMatching(/,4711,3$/)]);
    expect((await desk.does('undo', id)).report).toMatchObject({ undone: 1, kept: 0 });
    expect(await values()).toEqual([{ costCentre: '4711', effort: 2.5 }]);
  });

  it('leave as a file, which an import reads', async () => {
    const name = word();
    await desk.run(`title,dueOn,assignees\n${name} A,2031-03-03,${clerk!.userId}`);
    const fields = 'title,status,dueOn,zone,assignees';
    const { status, body } = await desk.ask('GET', `tasks/export?title[starts]=${name}&fields=${fields}`);
    expect(status).toBe(200);
    const [head, line] = (body as string).trimEnd().split('\r\n');
    expect(head).toBe(`id,${fields}`);
    expect(line).toMatch(new RegExp(`^[0-9a-f-]{36},${name} A,todo,2031-03-03,[A-Za-z/]+,${clerk!.userId}$`));
    const again = await desk.run(body as string, { mode: 'update', match: ['id'] });
    expect(again.report).toEqual({ unchanged: 1 });
  });
});
