import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aKnownCustomer, inquiriesContexts } from '../testing.js';

const [MINE, THEIRS] = [newId(), newId()];
const BODY = 'Dear {{customer.firstName}}, we look after {{inquiry.number}}.';

describe('Canned answers', () => {
  let slice: Slice;
  let [boss, lead, agent]: SignedIn[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    const desk = ['macros:read', 'inquiries:read_own', 'inquiries:create', 'customers:read_all', 'customers:create'];
    boss = await signIn(slice, { grants: [...desk, 'macros:manage_all'] });
    lead = await signIn(slice, { grants: [...desk, 'macros:manage_team'], teams: [MINE] });
    agent = await signIn(slice, { grants: [...desk, 'macros:manage_own'], teams: [MINE] });
    await signIn(slice, { teams: [THEIRS] });
  });
  beforeEach(() => slice.empty('macros'));
  afterAll(() => slice.close());

  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, who = boss) =>
    slice.http(method, `/api/v1/macros${path}`, { token: who!.token, body });
  const write = async (over: object = {}, who = boss) =>
    (await call('POST', '', { name: newId(), body: BODY, ...over }, who)).body as { id: string; code?: string };
  const seenBy = async (who: SignedIn | undefined): Promise<string[]> =>
    (await call('GET', '', undefined, who)).body.data.map(({ id }: { id: string }) => id);

  it('are written, read, changed and removed', async () => {
    const made = await call('POST', '', { name: 'Late', body: BODY });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Late', body: BODY, teamId: null, createdBy: boss!.userId, version: 1 });
    const { id } = made.body as { id: string };
    expect((await call('GET', `/${id}`)).body).toEqual(made.body);
    expect((await call('PATCH', `/${id}`, { body: 'Soon.' })).body).toMatchObject({ body: 'Soon.', name: 'Late' });
    expect((await call('PUT', `/${id}`, { name: 'Later', body: BODY })).body).toMatchObject({
      name: 'Later',
      version: 3,
    });
    expect((await call('POST', '', { name: 'Later', body: 'x' })).body).toMatchObject({ code: 'macro_name_taken' });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it('with a variable that nobody knows are refused by its name', async () => {
    const refused = await call('POST', '', { name: 'Late', body: 'Dear {{customer.password}}' });
    expect(refused.body).toMatchObject({
      ...{ status: 422, code: 'macro_variable_unknown', variable: 'customer.password' },
      errors: [{ pointer: '/body', code: 'macro_variable_unknown' }],
    });
    const { id } = await write();
    expect((await call('PATCH', `/${id}`, { body: '{{customer.name' })).body).toMatchObject({
      code: 'macro_malformed',
    });
    expect((await call('POST', '', { name: 'Late', body: ' ' })).status).toBe(400);
  });

  it('are everybody’s, or a team’s alone', async () => {
    const [all, mine, theirs] = [await write(), await write({ teamId: MINE }), await write({ teamId: THEIRS })];
    expect((await seenBy(agent)).sort()).toEqual([all.id, mine.id].sort());
    expect(await seenBy(boss)).toHaveLength(3);
    expect((await call('GET', `/${theirs.id}`, undefined, agent)).status).toBe(404);
    expect((await call('POST', `/${theirs.id}/fill`, { inquiryId: newId() }, agent)).status).toBe(404);
    expect((await call('POST', '', { name: 'x', body: 'x', teamId: newId() })).body).toMatchObject({
      code: 'team_unknown',
    });
  });

  it('of everybody are written by who manages all, of a team by its people, as far as they may', async () => {
    const refused = { status: 403, code: 'macro_out_of_reach' };
    expect(await write({}, lead)).toMatchObject(refused);
    expect(await write({ teamId: THEIRS }, lead)).toMatchObject(refused);
    const [bosses, leads, agents] = [
      await write(),
      await write({ teamId: MINE }, lead),
      await write({ teamId: MINE }, agent),
    ];
    const edit = async ({ id }: { id: string }, who: SignedIn | undefined, body: object = { name: newId() }) =>
      (await call('PATCH', `/${id}`, body, who)).status;
    expect([await edit(leads, agent), await edit(agents, agent), await edit(agents, lead)]).toEqual([403, 200, 200]);
    expect([await edit(bosses, lead), await edit(leads, lead, { teamId: null })]).toEqual([403, 403]);
    expect((await call('DELETE', `/${leads.id}`, undefined, agent)).status).toBe(403);
    expect((await call('DELETE', `/${bosses.id}`, undefined, agent)).status).toBe(403);
  });

  it('say what they say to an inquiry that may be read', async () => {
    const customerId = await slice.as(agent!.actor, () => aKnownCustomer(slice));
    const { body: inquiry } = await slice.http('POST', '/api/v1/inquiries', {
      token: agent!.token,
      body: { customerId, subject: 'Where?', message: 'Where is it?' },
    });
    const { id } = await write();
    const filled = await call('POST', `/${id}/fill`, { inquiryId: inquiry.id }, agent);
    expect(filled.body).toEqual({ text: `Dear Mira, we look after ${inquiry.reference}.`, missing: [] });
    expect((await call('POST', `/${id}/fill`, { inquiryId: inquiry.id }, lead)).status).toBe(200);
    const stranger = await signIn(slice, { grants: ['macros:read', 'inquiries:read_own'] });
    expect((await call('POST', `/${id}/fill`, { inquiryId: inquiry.id }, stranger)).status).toBe(404);
  });
});
