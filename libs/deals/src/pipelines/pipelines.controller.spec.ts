import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { runAsSystem } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';
import { PipelinesService } from './pipelines.service.js';

const EVERYTHING = [
  ...['pipelines:read', 'pipelines:manage', 'deals:create', 'deals:read_all', 'deals:update_all', 'deals:delete_all'],
];

type Stage = { id: string; name: string; position: number };

describe('Pipelines over HTTP', () => {
  let slice: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    mira = await signIn(slice, { grants: EVERYTHING });
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const stageOf = (name: string, position: number, over: object = {}) => ({
    ...{ name, position, probability: 10 * position },
    ...over,
  });
  const made = async (stages = [stageOf('First', 1), stageOf('Last', 2)]): Promise<{ id: string; stages: Stage[] }> => {
    const { status, body } = await call('POST', 'pipelines', { name: `Of ${newId()}`, currency: 'USD', stages });
    expect(status).toBe(201);
    return body;
  };
  const begin = async (stageId: string): Promise<string> =>
    (await call('POST', 'deals', { name: 'Lamps', stageId })).body.id;

  it('have their stages in order, and their currency for new deals', async () => {
    const { id } = await made([stageOf('Last', 2, { forecast: 'commit', requires: ['amount'] }), stageOf('First', 1)]);
    const { body, headers } = await call('GET', `pipelines/${id}`);
    expect(body).toMatchObject({ currency: 'USD', isDefault: false, version: 1 });
    expect(body.stages).toMatchObject([
      {
        name: 'First',
        position: 1,
        probability: 10,
        forecast: 'pipeline',
        requires: [],
        rotDays: null,
        wipLimit: null,
      },
      { name: 'Last', position: 2, forecast: 'commit', requires: ['amount'], pipelineId: id },
    ]);
    expect(headers.etag).toBe('"1"');
    expect((await call('POST', 'deals', { name: 'Lamps', pipelineId: id })).body).toMatchObject({
      ...{ currency: 'USD', stageId: body.stages[0].id },
    });
  });

  it.each([
    [{ name: '' }, '/name'],
    [{ currency: 'XYZ' }, '/currency'],
    [{ stages: [] }, '/stages'],
    [{ stages: [[]] }, '/stages'],
    [{ stages: [stageOf('First', 1, { probability: 101 })] }, '/stages/0/probability'],
    [{ stages: [stageOf('First', 1, { requires: ['colour'] })] }, '/stages/0/requires'],
    [{ stages: [stageOf('First', 1, { rotDays: 0 })] }, '/stages/0/rotDays'],
    [{ stages: [stageOf('First', 1, { forecast: 'sure' })] }, '/stages/0/forecast'],
    [{ stages: [stageOf('First', 1, { colour: 'red' })] }, '/stages/0/colour'],
  ])('refuse what makes no sense: %j', async (over, pointer) => {
    const body = { name: 'Partners', currency: 'EUR', stages: [stageOf('First', 1)], ...over };
    const answer = await call('POST', 'pipelines', body);
    expect(answer.status).toBe(400);
    expect(new Set(answer.body.errors.map((one: { pointer: string }) => one.pointer))).toEqual(new Set([pointer]));
  });

  it('have names of their own, and their stages within them', async () => {
    const { id } = await made();
    const { body } = await call('GET', `pipelines/${id}`);
    const again = { name: body.name, currency: 'EUR', stages: [stageOf('First', 1)] };
    expect((await call('POST', 'pipelines', again)).body.code).toBe('pipeline_name_taken');
    const twice = { ...again, name: newId(), stages: [stageOf('First', 1), stageOf('First', 2)] };
    expect((await call('POST', 'pipelines', twice)).body.code).toBe('stage_name_taken');
    expect((await call('POST', `pipelines/${id}/stages`, stageOf('First', 3))).body.code).toBe('stage_name_taken');
    const renamed = await call('PATCH', `pipelines/${id}/stages/${body.stages[1].id}`, { name: 'First' });
    expect(renamed.body.code).toBe('stage_name_taken');
  });

  it('leave what stands in a stage as probable as it came in', async () => {
    const { id, stages } = await made();
    const deal = await begin(stages[0]!.id);
    const { body } = await call('PATCH', `pipelines/${id}/stages/${stages[0]!.id}`, { probability: 55, rotDays: 3 });
    expect(body).toMatchObject({ probability: 55, rotDays: 3, version: 2 });
    expect((await call('GET', `deals/${deal}`)).body).toMatchObject({ probability: 10, rotsAt: null });
    expect((await call('GET', `deals/${await begin(stages[0]!.id)}`)).body.probability).toBe(55);
  });

  it('lose no deal with a stage: they go where somebody says', async () => {
    const { id, stages } = await made([stageOf('First', 1), stageOf('Second', 2), stageOf('Third', 3)]);
    const [first, second] = stages as [Stage, Stage];
    const [open, won, trashed] = [await begin(first.id), await begin(first.id), await begin(first.id)];
    await call('POST', `deals/${won}/win`);
    await call('DELETE', `deals/${trashed}`);
    expect((await call('DELETE', `pipelines/${id}/stages/${first.id}`)).body).toMatchObject({
      ...{ status: 409, code: 'stage_needs_target', deals: 3 },
    });
    for (const to of [first.id, newId()])
      expect((await call('DELETE', `pipelines/${id}/stages/${first.id}?to=${to}`)).body.code).toBe('stage_unknown');
    expect((await call('DELETE', `pipelines/${id}/stages/${first.id}?to=${second.id}`)).status).toBe(204);
    expect((await call('GET', `deals/${open}`)).body).toMatchObject({
      stageId: second.id,
      probability: 20,
      version: 2,
    });
    expect((await call('GET', `deals/${won}`)).body).toMatchObject({
      stageId: second.id,
      status: 'won',
      probability: 100,
    });
    const { body } = await call('GET', `deals/${open}/history`);
    expect(body.data).toMatchObject([
      { kind: 'moved', stageName: 'Second' },
      { kind: 'created', stageName: 'First' },
    ]);
    expect((await call('POST', `deals/${trashed}/restore`)).body.stageId).toBe(second.id);
  });

  it('let no deal slip into a stage that is being removed', async () => {
    const { id, stages } = await made();
    const [gone, kept] = stages as [Stage, Stage];
    const [removed, ...begun] = await Promise.all([
      call('DELETE', `pipelines/${id}/stages/${gone.id}?to=${kept.id}`),
      ...Array.from({ length: 8 }, () => call('POST', 'deals', { name: 'Late', stageId: gone.id })),
    ]);
    expect(removed.status).toBe(204);
    for (const { status, body } of begun) expect([201, 422]).toContain(body.code === 'stage_unknown' ? 422 : status);
    const { body } = await call('GET', `deals?pipelineId=${id}`);
    expect(body.data.length).toBe(begun.filter(({ status }) => status === 201).length);
    expect(new Set(body.data.map(({ stageId }: { stageId: string }) => stageId))).not.toContain(gone.id);
  });

  it('keep a last stage, and stay while deals are in them', async () => {
    const { id, stages } = await made([stageOf('Only', 1)]);
    expect((await call('DELETE', `pipelines/${id}/stages/${stages[0]!.id}`)).body.code).toBe('last_stage_stays');
    const deal = await begin(stages[0]!.id);
    await call('DELETE', `deals/${deal}`);
    expect((await call('DELETE', `pipelines/${id}`)).body.code).toBe('pipeline_in_use');
    const empty = await made();
    expect((await call('DELETE', `pipelines/${empty.id}`)).status).toBe(204);
    expect((await call('GET', `pipelines/${empty.id}`)).status).toBe(404);
  });

  it('take new deals one at a time, whoever says so at once', async () => {
    const some = await Promise.all(Array.from({ length: 6 }, () => made()));
    const answers = await Promise.all(some.map(({ id }) => call('POST', `pipelines/${id}/make-default`)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    const { body } = await call('GET', 'pipelines?isDefault=true');
    expect(body.data).toHaveLength(1);
    expect((await call('DELETE', `pipelines/${body.data[0].id}`)).body.code).toBe('default_pipeline_stays');
    expect((await call('POST', 'deals', { name: 'Lamps' })).body.pipelineId).toBe(body.data[0].id);
  });

  it('are in the currency of the tenant unless they say otherwise', async () => {
    const tenantId = newId();
    const yui = await signIn(slice, { grants: EVERYTHING, tenantId });
    await slice.as(yui.actor, () =>
      slice.db.transaction(() => slice.db.query("update tenants set currency = 'JPY' where id = $1", [tenantId])),
    );
    const { body: deal } = await call('POST', 'deals', { name: 'Lamps' }, yui);
    const stages = [stageOf('First', 1)];
    const { body: other } = await call('POST', 'pipelines', { name: 'Ours', stages }, yui);
    const { body: abroad } = await call('POST', 'pipelines', { name: 'Abroad', currency: 'USD', stages }, yui);
    expect([deal.currency, other.currency, abroad.currency]).toEqual(['JPY', 'JPY', 'USD']);
    expect((await call('GET', 'pipelines?name=Sales', undefined, yui)).body.data[0].currency).toBe('JPY');
  });

  it('are there once for a tenant that has none, however many ask', async () => {
    const eve = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('POST', 'deals', { name: 'First' }, eve)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    const { body } = await call('GET', 'pipelines', undefined, eve);
    expect(body.data).toMatchObject([{ name: 'Sales', isDefault: true, currency: 'EUR' }]);
    await runAsSystem(OTHER_TENANT, 'deals.test', newId(), () => slice.get(PipelinesService).ensureDefault());
    expect((await call('GET', 'pipelines', undefined, eve)).body.meta.total).toBe(1);
    const { id, stages } = body.data[0];
    for (const [method, path, given] of [
      ['GET', `pipelines/${id}`],
      ['PATCH', `pipelines/${id}`, { name: 'Ours' }],
      ['POST', `pipelines/${id}/stages`, stageOf('Ours', 9)],
      ['PATCH', `pipelines/${id}/stages/${stages[0].id}`, { name: 'Ours' }],
      ['DELETE', `pipelines/${id}/stages/${stages[0].id}`],
      ['DELETE', `pipelines/${id}`],
    ] as const)
      expect({ method, path, status: (await call(method, path, given)).status }).toEqual({ method, path, status: 404 });
    expect(mira.actor.tenantId).toBe(TENANT);
  });
});
