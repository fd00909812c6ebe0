import { newId } from '@app/kernel';
import { RedisConnections, standingKey } from '@app/platform';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { authContexts, signIn, type SignedIn } from '../testing.js';

describe('Teams below teams', () => {
  let slice: Slice;
  let clerk: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    clerk = await signIn(slice, { grants: ['teams:read', 'teams:manage'] });
  });
  afterAll(() => slice?.close());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    slice.http(method, `/api/v1/teams${path}`, { token: clerk.token, body });
  const form = async (parentId: string | null = null): Promise<string> =>
    (await call('POST', '', { name: `Team ${newId()}`, parentId })).body.id as string;
  const reached = async ({ userId }: SignedIn): Promise<string[]> =>
    slice.as(clerk.actor, async () => [...(await slice.get(AuthFacade).actorOf(userId))!.reachedTeams].sort());
  const leadOf = async (team: string): Promise<SignedIn> => {
    const lead = await signIn(slice, { grants: ['teams:read'] });
    await call('PUT', `/${team}/members/${lead.userId}`, { isLead: true });
    return lead;
  };
  /** What the very next request of somebody stands on. */
  const explained = async ({ token }: SignedIn): Promise<string[]> => {
    const { body } = await slice.http('GET', '/api/v1/authz/explain?permission=teams:read', { token });
    return body.subject.oversees.map(({ because }: { because: string }) => because);
  };

  it('are reached by who leads above them, at any depth, and by no mere member', async () => {
    const [top, beside] = [await form(), await form()];
    const middle = await form(top);
    const low = await form(middle);
    const [lead, member, below] = [await leadOf(top), await signIn(slice), await leadOf(low)];
    await call('PUT', `/${top}/members/${member.userId}`, {});
    expect(await reached(lead)).toEqual([top, middle, low].sort());
    expect(await reached(member)).toEqual([top]);
    expect(await reached(below)).toEqual([low]);
    expect((await call('GET', `/${low}`)).body.parentId).toBe(middle);
    expect((await call('GET', `?parentId=${middle}`)).body.data.map(({ id }: { id: string }) => id)).toEqual([low]);
    expect(await reached(lead)).not.toContain(beside);
  });

  it('are no circle, however it would close', async () => {
    const top = await form();
    const middle = await form(top);
    const low = await form(middle);
    for (const above of [top, middle, low]) {
      const { status, body } = await call('PATCH', `/${top}`, { parentId: above });
      expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'team_circle', '/parentId']);
    }
    expect((await call('PATCH', `/${low}`, { parentId: top })).status).toBe(200);
  });

  it('are no circle when two moves would close it together', async () => {
    for (let round = 0; round < 8; round++) {
      const [left, right] = [await form(), await form()];
      const answers = await Promise.all([
        call('PATCH', `/${left}`, { parentId: right }),
        call('PATCH', `/${right}`, { parentId: left }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
      const { rows } = await slice.superuser.query(
        'select id from teams where id = any ($1) and parent_id is not null',
        [[left, right]],
      );
      expect(rows).toHaveLength(1);
    }
  });

  it('are no circle when three moves would close it together', async () => {
    const ring = [await form(), await form(), await form()];
    const moves = ring.map((id, n) => call('PATCH', `/${id}`, { parentId: ring[(n + 1) % 3] }));
    const statuses = (await Promise.all(moves)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 422]);
  });

  it('have ten levels at most, counted from both ends', async () => {
    const chain = [await form()];
    while (chain.length < 10) chain.push(await form(chain.at(-1)));
    const tooLow = await call('POST', '', { name: newId(), parentId: chain.at(-1) });
    expect([tooLow.status, tooLow.body.code]).toEqual([422, 'teams_too_deep']);
    const above = await form();
    expect((await call('PATCH', `/${chain[0]}`, { parentId: above })).body.code).toBe('teams_too_deep');
    expect((await call('PATCH', `/${chain[1]}`, { parentId: above })).status).toBe(200);
  });

  it('stand below no team of another tenant, nor below none that is there', async () => {
    const stranger = await signIn(slice, { tenantId: OTHER_TENANT, teams: [newId()] });
    for (const parentId of [stranger.actor.teams[0], newId()])
      expect((await call('POST', '', { name: newId(), parentId })).body).toMatchObject({
        code: 'team_not_found',
        errors: [{ pointer: '/parentId' }],
      });
  });

  it('move up when the one above them is dissolved', async () => {
    const top = await form();
    const middle = await form(top);
    const low = await form(middle);
    const lead = await leadOf(top);
    expect((await call('DELETE', `/${middle}`)).status).toBe(204);
    expect((await call('GET', `/${low}`)).body.parentId).toBe(top);
    expect(await reached(lead)).toEqual([top, low].sort());
  });

  it('change what their leads reach at their next request, by a move, a new lead and a dismissal', async () => {
    const [top, moved] = [await form(), await form()];
    const lead = await leadOf(top);
    expect(await explained(lead)).toEqual([]);
    await call('PATCH', `/${moved}`, { parentId: top });
    expect(await explained(lead)).toEqual([expect.stringMatching(/^leads Team .+, which is above Team /)]);
    const grandchild = await form(moved);
    expect(await explained(lead)).toHaveLength(2);
    await call('PATCH', `/${moved}`, { parentId: null });
    expect(await explained(lead)).toEqual([]);
    await call('PATCH', `/${moved}`, { parentId: top });
    await call('PUT', `/${top}/members/${lead.userId}`, { isLead: false });
    expect(await explained(lead)).toEqual([]);
    await call('PUT', `/${moved}/members/${lead.userId}`, { isLead: true });
    expect(await reached(lead)).toEqual([top, moved, grandchild].sort());
  });

  it('forget no more of what is cached than a move touches: the members of what moves stand as before', async () => {
    const [top, moved] = [await form(), await form()];
    const [lead, member] = [await leadOf(top), await signIn(slice, { grants: ['teams:read'], teams: [moved] })];
    const versionOf = ({ sessionId }: SignedIn): Promise<string | null> =>
      slice.get(RedisConnections).commands.hget(standingKey(sessionId), 'v');
    await Promise.all([explained(lead), explained(member)]);
    const [ofLead, ofMember] = [await versionOf(lead), await versionOf(member)];
    await call('PATCH', `/${moved}`, { parentId: top });
    expect([(await versionOf(lead)) === ofLead, (await versionOf(member)) === ofMember]).toEqual([false, true]);
  });
});
