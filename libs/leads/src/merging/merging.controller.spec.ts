import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leadsContexts } from '../testing.js';

const GRANTS = [
  ...['leads:read_all', 'leads:create', 'leads:update_all', 'leads:assign_all', 'leads:convert_all', 'leads:merge'],
  ...['leads:delete_all', 'notes:write', 'notes:read', 'tags:manage', 'tags:read', 'tags:apply', 'customers:create'],
];

describe('Two leads', () => {
  let slice: Slice;
  let mira: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: leadsContexts });
    mira = await signIn(slice, { grants: GRANTS });
  });
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object, by = mira) =>
    slice.http(method, `/api/v1/${path}`, { token: by.token, body });
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await call('POST', path, body);
    expect(answer.body).toMatchObject({ id: expect.any(String) });
    return answer.body.id;
  };
  const aLead = (over: object = {}) => made('leads', { name: 'Noor Haddad', ...over });
  const read = async (id: string) => (await call('GET', `leads/${id}`)).body;
  const merge = (id: string, into: string, by = mira) => call('POST', `leads/${id}/merge`, { into }, by);
  const unmerge = (id: string) => call('POST', `leads/${id}/unmerge`);
  const notesOf = async (recordId: string): Promise<string[]> =>
    (await call('GET', `notes?recordId=${recordId}`)).body.data.map(({ body }: { body: string }) => body).sort();

  it('are one that has what either had, and two again with what each had', async () => {
    const nextAction = { what: 'Call', dueAt: '2031-03-03T09:00:00.000Z' };
    const survivor = await aLead({ email: 'noor@haddad.example' });
    const loser = await aLead({ name: 'N. Haddad', email: 'n@haddad.example', phone: '+4930901820', nextAction });
    await made('notes', { recordKind: 'leads', recordId: survivor, body: 'Of the survivor' });
    await made('notes', { recordKind: 'leads', recordId: loser, body: 'Of the other' });
    const tag = await made('tags', { name: newId() });
    for (const id of [survivor, loser]) await call('PUT', `tags/${tag}/records/leads/${id}`, {});
    const [one, other] = [await read(survivor), await read(loser)];
    expect((await merge(loser, survivor)).body).toMatchObject({ status: 'duplicate', duplicateOf: survivor });
    expect(await read(survivor)).toMatchObject({
      ...{ name: 'Noor Haddad', email: 'noor@haddad.example', phone: '+4930901820', nextAction, version: 2 },
    });
    expect([await notesOf(survivor), await notesOf(loser)]).toEqual([['Of the other', 'Of the survivor'], []]);
    await made('notes', { recordKind: 'leads', recordId: survivor, body: 'Since then' });
    const back = await unmerge(loser);
    expect(back.body).toMatchObject({ status: 'new', duplicateOf: null });
    const unversioned = { version: expect.any(Number), updatedAt: expect.any(String) };
    expect(await read(survivor)).toEqual({ ...one, ...unversioned });
    expect(await read(loser)).toEqual({ ...other, ...unversioned });
    expect([await notesOf(survivor), await notesOf(loser)]).toEqual([
      ['Of the survivor', 'Since then'],
      ['Of the other'],
    ]);
    expect(await unmerge(loser)).toMatchObject({ status: 409, body: { code: 'lead_not_merged' } });
  });

  it('are one that stands where the further of both stood, and two where each stood', async () => {
    const [survivor, loser] = [await aLead(), await aLead({ ownerId: mira.userId })];
    await call('POST', `leads/${loser}/contact`);
    await merge(loser, survivor);
    expect(await read(survivor)).toMatchObject({ status: 'contacted', ownerId: mira.userId });
    await unmerge(loser);
    expect(await read(survivor)).toMatchObject({ status: 'new', ownerId: null });
    expect(await read(loser)).toMatchObject({ status: 'contacted', ownerId: mira.userId });
  });

  it('keep what was changed since', async () => {
    const survivor = await aLead();
    const loser = await aLead({ phone: '+4930901820', company: 'Haddad', ownerId: mira.userId });
    await merge(loser, survivor);
    await call('PATCH', `leads/${survivor}`, { company: 'Haddad Freight' });
    await call('POST', `leads/${survivor}/contact`);
    await unmerge(loser);
    expect(await read(survivor)).toMatchObject({ company: 'Haddad Freight', phone: null, status: 'contacted' });
  });

  it('are one of both once, however it is asked', async () => {
    for (let round = 0; round < 3; round++) {
      const [a, b] = [await aLead(), await aLead()];
      const answers = await Promise.all([merge(a, b), merge(b, a), merge(a, b)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      const states = [(await read(a)).status, (await read(b)).status];
      expect(states.sort()).toEqual(['duplicate', 'new']);
    }
  });

  it('are merged or converted, never both, when the two come at once', async () => {
    for (let round = 0; round < 3; round++) {
      const [a, b] = [await aLead({ ownerId: mira.userId }), await aLead()];
      for (const verb of ['contact', 'qualify']) await call('POST', `leads/${a}/${verb}`);
      const [merged, converted] = await Promise.all([merge(a, b), call('POST', `leads/${a}/convert`, {})]);
      expect([merged.status, converted.status].sort()).toEqual([200, 409]);
      expect((await read(a)).status).toBe(merged.status === 200 ? 'duplicate' : 'converted');
    }
  });

  it('are two again from the end of a chain', async () => {
    const [a, b, c] = [await aLead(), await aLead(), await aLead()];
    await merge(a, b);
    await merge(b, c);
    expect(await unmerge(a)).toMatchObject({ status: 409, body: { code: 'lead_not_live', duplicateOf: c } });
    expect((await unmerge(b)).status).toBe(200);
    expect((await unmerge(a)).status).toBe(200);
    for (const id of [a, b, c]) expect((await read(id)).status).toBe('new');
  });

  it.each([
    ['itself', async (id: string) => id, 422, 'merged_with_itself'],
    ['nobody', async () => newId(), 404, 'not_found'],
    ['one that was dropped', async () => dropped(), 409, 'lead_not_live'],
    ['one in the trash', async () => trashed(), 404, 'not_found'],
  ])('are not one when one of them is %s', async (_, other, status, code) => {
    const id = await aLead();
    expect(await merge(id, await other(id))).toMatchObject({ status, body: { code } });
    expect((await read(id)).status).toBe('new');
  });

  const dropped = async (): Promise<string> => {
    const id = await aLead();
    await call('POST', `leads/${id}/disqualify`, { reason: 'No' });
    return id;
  };
  const trashed = async (): Promise<string> => {
    const id = await aLead();
    await call('DELETE', `leads/${id}`);
    return id;
  };

  it('are one only for who may change both', async () => {
    const noah = await signIn(slice, { grants: ['leads:read_all', 'leads:update_own', 'leads:create', 'leads:merge'] });
    const own = (await call('POST', 'leads', { name: 'Own' }, noah)).body.id;
    const others = await aLead();
    for (const [id, into] of [
      [own, others],
      [others, own],
    ] as const)
      expect(await merge(id, into, noah)).toMatchObject({ status: 403, body: { code: 'out_of_reach' } });
    const second = (await call('POST', 'leads', { name: 'Own too' }, noah)).body.id;
    expect((await merge(own, second, noah)).status).toBe(200);
    const { body } = await call('GET', `leads/merges?survivorId=${second}`, undefined, noah);
    expect(body.data).toMatchObject([{ loserId: own, reasons: ['by_hand'], mergedBy: noah.userId, cleanupId: null }]);
  });
});
