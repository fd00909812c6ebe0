import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dealsContexts } from '../testing.js';

const EVERYTHING = [
  ...['pipelines:read', 'pipelines:manage', 'deals:create', 'deals:read_all', 'deals:update_all', 'deals:delete_all'],
  'deals:reopen_all',
];

type Stage = { id: string };

describe('An archived pipeline', () => {
  let slice: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: dealsContexts });
    mira = await signIn(slice, { grants: EVERYTHING });
  });
  afterAll(() => slice?.close());

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = mira) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aPipeline = async (): Promise<{ id: string; name: string; stages: [Stage, Stage] }> => {
    const stages = ['First', 'Last'].map((name, at) => ({ name, position: at + 1, probability: 10 }));
    const { status, body } = await call('POST', 'pipelines', { name: `Of ${newId()}`, currency: 'EUR', stages });
    expect(status).toBe(201);
    return body;
  };
  const begin = async (stageId: string): Promise<string> =>
    (await call('POST', 'deals', { name: 'Lamps', stageId })).body.id;
  const archive = (id: string, query = '') => call('POST', `pipelines/${id}/archive${query}`);
  const refused = { status: 409, code: 'pipeline_archived' };

  it('takes no deal in, whichever way it would come', async () => {
    const [over, other] = [await aPipeline(), await aPipeline()];
    const { id, stages } = over;
    const [won, trashed, elsewhere] = [
      await begin(stages[0].id),
      await begin(stages[0].id),
      await begin(other.stages[0].id),
    ];
    await call('POST', `deals/${won}/win`);
    await call('DELETE', `deals/${trashed}`);
    const archived = await archive(id);
    expect(archived).toMatchObject({ status: 200, body: { id, archivedAt: expect.any(String), version: 2 } });
    expect((await call('POST', 'deals', { name: 'Lamps', pipelineId: id })).body).toMatchObject(refused);
    expect((await call('POST', 'deals', { name: 'Lamps', stageId: stages[1].id })).body).toMatchObject(refused);
    expect((await call('POST', `deals/${elsewhere}/stage`, { stageId: stages[0].id })).body).toMatchObject(refused);
    expect((await call('POST', `deals/${won}/reopen`, { reason: 'They call again' })).body).toMatchObject(refused);
    expect((await call('POST', `deals/${trashed}/restore`)).body).toMatchObject(refused);
    expect(
      (await call('DELETE', `pipelines/${other.id}/stages/${other.stages[0].id}?to=${stages[0].id}`)).body,
    ).toMatchObject(refused);
    expect((await call('POST', `pipelines/${id}/make-default`)).body).toMatchObject(refused);
    expect((await call('GET', `deals/${elsewhere}`)).body.pipelineId).toBe(other.id);
    expect((await call('PATCH', `pipelines/${id}`, { name: `Former ${newId()}` })).status).toBe(200);
  });

  it('is not archived while deals are open in it, unless these are moved', async () => {
    const [over, other] = [await aPipeline(), await aPipeline()];
    const [first, second, won] = [
      await begin(over.stages[0].id),
      await begin(over.stages[1].id),
      await begin(over.stages[0].id),
    ];
    await call('POST', `deals/${won}/win`);
    expect((await archive(over.id)).body).toMatchObject({ status: 409, code: 'pipeline_in_use', deals: 2 });
    for (const to of [newId(), over.stages[1].id])
      expect((await archive(over.id, `?to=${to}`)).body).toMatchObject({ status: 422, code: 'stage_unknown' });
    const gone = await aPipeline();
    await archive(gone.id);
    expect((await archive(over.id, `?to=${gone.stages[0].id}`)).body).toMatchObject(refused);
    expect((await call('GET', `pipelines/${over.id}`)).body).toMatchObject({ archivedAt: null, version: 1 });
    expect((await archive(over.id, `?to=${other.stages[1].id}`)).status).toBe(200);
    for (const id of [first, second])
      expect((await call('GET', `deals/${id}`)).body).toMatchObject({ status: 'open', stageId: other.stages[1].id });
    expect((await call('GET', `deals/${won}`)).body).toMatchObject({ status: 'won', pipelineId: over.id });
  });

  it('is left out of the list unless somebody asks for it, and stays where it was', async () => {
    const { id } = await aPipeline();
    await archive(id);
    const ids = async (query: string) =>
      (await call('GET', `pipelines?limit=100${query}`)).body.data.map((one: { id: string }) => one.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('&archived=false')).not.toContain(id);
    expect(await ids('&archived=true')).toContain(id);
    expect((await ids('&archived=all')).length).toBe((await ids('')).length + (await ids('&archived=true')).length);
    expect(await ids('&archived=all&archivedAt[null]=false')).toContain(id);
    expect((await call('GET', 'pipelines?archived=perhaps')).body.errors).toMatchObject([
      { pointer: 'query/archived' },
    ]);
    expect((await call('GET', `pipelines/${id}`)).status).toBe(200);
    expect((await call('GET', `deals/board?pipelineId=${id}`)).body).toMatchObject({ pipelineId: id });
    expect((await call('GET', `deals/forecast?pipelineId=${id}&from=2031-01-01&to=2031-12-31`)).body).toMatchObject({
      ...{ currency: 'EUR' },
    });
  });

  it('is sold by again once it is restored', async () => {
    const { id, stages } = await aPipeline();
    await archive(id);
    expect((await archive(id)).body).toMatchObject({ version: 2, archivedAt: expect.any(String) });
    const restored = await call('POST', `pipelines/${id}/restore`);
    expect(restored.body).toMatchObject({ archivedAt: null, version: 3 });
    expect((await call('GET', `deals/${await begin(stages[0].id)}`)).body.pipelineId).toBe(id);
  });

  it('is never the default one', async () => {
    await call('POST', 'deals', { name: 'First' });
    const { body } = await call('GET', 'pipelines?isDefault=true');
    expect((await archive(body.data[0].id)).body).toMatchObject({ status: 409, code: 'default_pipeline_stays' });
    await expect(
      slice.superuser.query(
        `begin; select set_config('app.actor_id', '${mira.userId}', true); update pipelines set archived_at = now() where is_default`,
      ),
    ).rejects.toMatchObject({ constraint: 'pipelines_default_is_in_use' });
    await slice.superuser.query('rollback');
  });

  it('has no open deal, also where some are begun in the moment that it is archived', async () => {
    for (let round = 0; round < 5; round++) {
      const { id, stages } = await aPipeline();
      const tries = Array.from({ length: 6 }, (_, at) =>
        at === 3 ? archive(id) : call('POST', 'deals', { name: 'L', stageId: stages[0].id }),
      );
      const answers = await Promise.all(tries);
      const begun = answers.filter(({ status }) => status === 201).length;
      const { archivedAt } = (await call('GET', `pipelines/${id}`)).body;
      const { total } = (await call('GET', `deals?pipelineId=${id}&status=open`)).body.meta;
      expect(total).toBe(begun);
      expect(archivedAt === null || total === 0).toBe(true);
      expect(new Set(answers.map(({ status }) => status))).not.toContain(500);
    }
  });

  it('of another tenant is none', async () => {
    const { id } = await aPipeline();
    const eve = await signIn(slice, { grants: EVERYTHING, tenantId: OTHER_TENANT });
    for (const verb of ['archive', 'restore'])
      expect((await call('POST', `pipelines/${id}/${verb}`, undefined, eve)).status).toBe(404);
    const theirs = (await call('POST', 'deals', { name: 'Theirs' }, eve)).body;
    const mine = await aPipeline();
    await begin(mine.stages[0].id);
    expect((await archive(mine.id, `?to=${theirs.stageId}`)).body.code).toBe('stage_unknown');
    const reader = await signIn(slice, { grants: ['pipelines:read'] });
    expect((await call('POST', `pipelines/${id}/archive`, undefined, reader)).status).toBe(403);
  });
});
