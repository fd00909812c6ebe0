import { type SignedIn, signIn } from '@app/auth/testing';
import { aKnownCustomer, inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const GRANTS = [
  ...['tags:read', 'tags:apply', 'tags:manage', 'customers:read_all', 'customers:update_all', 'customers:delete_all'],
  ...['customers:purge', 'inquiries:read_all', 'inquiries:update_all', 'inquiries:create'],
];

describe('Tags', () => {
  let slice: Slice;
  let ada: SignedIn;
  let reader: SignedIn;
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    ada = await signIn(slice, { grants: GRANTS });
    reader = await signIn(slice, { grants: ['tags:read', 'tags:apply', 'customers:read_own'] });
    await slice.superuser.query(`set session app.actor_id = '${ada.userId}'`);
  });
  beforeEach(async () => {
    customerId = await slice.as(ada.actor, () => aKnownCustomer(slice));
  });
  afterAll(() => slice.close());

  type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  const call = (method: Method, path: string, body?: unknown, { token } = ada) =>
    slice.http(method, `/api/v1/${path}`, { token, body });
  const aTag = async (): Promise<string> => (await call('POST', 'tags', { name: `Tag ${newId()}` })).body.id;
  const tag = (id: string, recordId = customerId, kind = 'customers', as = ada) =>
    call('PUT', `tags/${id}/records/${kind}/${recordId}`, undefined, as);
  const untag = (id: string, recordId = customerId, kind = 'customers', as = ada) =>
    call('DELETE', `tags/${id}/records/${kind}/${recordId}`, undefined, as);
  const idsIn = async (path: string, as = ada): Promise<string[]> =>
    (await call('GET', path, undefined, as)).body.data.map(({ id }: { id: string }) => id);
  const tagsOn = async (recordIds: string, as = ada): Promise<string[]> =>
    (await call('GET', `tags/records?recordId=${recordIds}`, undefined, as)).body.data.map(
      ({ tagId }: { tagId: string }) => tagId,
    );
  const told = async (tagId: string): Promise<string[]> =>
    (
      await slice.superuser.query<{ type: string }>(`select type from outbox where payload->>'tagId' = $1`, [tagId])
    ).rows.map(({ type }) => type);

  it('are one vocabulary: a name once, in upper or lower case, however many try at once', async () => {
    const name = `Trade fair ${newId()}`;
    const answers = await Promise.all(
      [name, name.toUpperCase(), ` ${name} `, name].map((one) => call('POST', 'tags', { name: one })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'tag_name_taken' });
    const other = await aTag();
    expect((await call('PATCH', `tags/${other}`, { name })).body).toMatchObject({ code: 'tag_name_taken' });
    const renamed = `Renamed ${newId()}`;
    expect((await call('PATCH', `tags/${other}`, { name: renamed })).body).toMatchObject({ name: renamed, version: 2 });
    expect((await call('GET', `tags/${other}`)).body).toMatchObject({ name: renamed, createdBy: ada.userId });
    expect(await idsIn(`tags?name[contains]=${renamed.slice(8)}`)).toEqual([other]);
    for (const bad of ['', '   ', 'a\nb', 'x'.repeat(61)])
      expect((await call('POST', 'tags', { name: bad })).status).toBe(400);
  });

  it('stand on records of several kinds, once, and are told once', async () => {
    const [id, other] = [await aTag(), await aTag()];
    const asked = { customerId, subject: 'Where is it?', message: 'Late.' };
    const { id: inquiryId } = (await call('POST', 'inquiries', asked)).body;
    const answers = await Promise.all([tag(id), tag(id), tag(id), tag(id)]);
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect((await tag(other)).status).toBe(204);
    expect((await tag(id, inquiryId, 'inquiries')).status).toBe(204);
    expect((await tagsOn(`${customerId},${inquiryId}`)).sort()).toEqual([id, id, other].sort());
    for (let again = 0; again < 2; again++) expect((await untag(id)).status).toBe(204);
    expect(await tagsOn(customerId)).toEqual([other]);
    expect(await tagsOn(inquiryId)).toEqual([id]);
    expect((await told(id)).sort()).toEqual(['tags.applied', 'tags.applied', 'tags.created', 'tags.taken-off']);
  });

  it('filter the lists and searches of their records', async () => {
    const [vip, fair] = [await aTag(), await aTag()];
    const [both, onlyFair, none] = [customerId, ...(await Promise.all([1, 2].map(() => another())))] as [
      string,
      string,
      string,
    ];
    await Promise.all([tag(vip, both), tag(fair, both), tag(fair, onlyFair)]);
    const all = `id=${both},${onlyFair},${none}`;
    const found = async (query: string): Promise<string[]> => (await idsIn(`customers?${all}&${query}`)).sort();
    expect(await found(`tag=${vip}`)).toEqual([both]);
    expect(await found(`tag=${fair}`)).toEqual([both, onlyFair].sort());
    expect(await found(`tag=${vip},${fair}`)).toEqual([both, onlyFair].sort());
    expect(await found(`tag[ne]=${vip}`)).toEqual([onlyFair, none].sort());
    expect(await found('tag[null]=true')).toEqual([none]);
    const where = {
      all: [{ field: 'tag', op: 'eq', value: fair }, { not: { field: 'tag', op: 'eq', value: vip } }],
    };
    expect((await call('POST', 'customers/search', { where })).body.data).toMatchObject([{ id: onlyFair }]);
    expect((await call('GET', 'customers?tag=vip')).status).toBe(400);
    expect((await call('GET', 'customers?sort=tag')).status).toBe(400);
    const inquiry = (await call('POST', 'inquiries', { customerId, subject: 'Where is it?', message: 'Late.' })).body;
    await tag(vip, inquiry.id, 'inquiries');
    expect(await idsIn(`inquiries?tag=${vip}`)).toEqual([inquiry.id]);
    expect(await idsIn(`inquiries?tag=${fair}`)).toEqual([]);
  });

  const another = (): Promise<string> => slice.as(ada.actor, () => aKnownCustomer(slice));

  it('are seen on what one may read, and put on what one may change', async () => {
    const id = await aTag();
    await tag(id);
    expect(await tagsOn(customerId, reader)).toEqual([]);
    for (const act of [tag, untag])
      expect(await act(id, customerId, 'customers', reader)).toMatchObject({
        status: 404,
        body: { resource: 'customer' },
      });
    await slice.superuser.query('update customers set created_by = $1 where id = $2', [reader.userId, customerId]);
    expect(await tagsOn(customerId, reader)).toEqual([id]);
    for (const act of [tag, untag])
      expect(await act(id, customerId, 'customers', reader)).toMatchObject({
        status: 403,
        body: { code: 'record_out_of_reach' },
      });
    expect((await tag(newId())).body).toMatchObject({ status: 404, resource: 'tag' });
    expect((await tag(id, customerId, 'orders')).body).toMatchObject({ status: 422, code: 'record_kind_unknown' });
  });

  it('are unknown to another tenant, which has its own of the same name', async () => {
    const id = await aTag();
    const foreigner = await signIn(slice, { grants: GRANTS, tenantId: OTHER_TENANT });
    const { name } = (await call('GET', `tags/${id}`)).body;
    const { body: theirs } = await call('POST', 'tags', { name }, foreigner);
    expect(await idsIn('tags', foreigner)).toEqual([theirs.id]);
    expect((await call('DELETE', `tags/${id}`, undefined, foreigner)).status).toBe(404);
    expect((await tag(theirs.id)).body).toMatchObject({ status: 404, resource: 'tag' });
    expect((await tag(theirs.id, customerId, 'customers', foreigner)).status).toBe(404);
    expect(await tagsOn(customerId)).toEqual([]);
  });

  it('go from all records when they are removed, and with their record', async () => {
    const [id, other] = [await aTag(), await aTag()];
    await Promise.all([tag(id), tag(other)]);
    expect((await call('DELETE', `tags/${id}`)).status).toBe(204);
    expect(await tagsOn(customerId)).toEqual([other]);
    expect((await call('DELETE', `customers/${customerId}`)).status).toBe(204);
    expect(await tagsOn(customerId)).toEqual([]);
    expect((await call('DELETE', `customers/${customerId}?permanent=true`)).status).toBe(204);
    expect((await slice.superuser.query('select 1 from record_tags where record_id = $1', [customerId])).rows).toEqual(
      [],
    );
    expect((await call('GET', `tags/${other}`)).status).toBe(200);
  });
});
