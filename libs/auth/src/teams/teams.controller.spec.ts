import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { authContexts, signIn, type SignedIn } from '../testing.js';

describe('Teams', () => {
  let slice: Slice;
  let lead: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts });
    lead = await signIn(slice, { grants: ['teams:read', 'teams:manage'] });
  });
  afterAll(() => slice?.close());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object) =>
    slice.http(method, `/api/v1/teams${path}`, { token: lead.token, body });

  it('are formed, filled, led, emptied and dissolved', async () => {
    const { id } = (await call('POST', '', { name: 'Front desk' })).body;
    const member = await signIn(slice);
    expect((await call('PUT', `/${id}/members/${member.userId}`, {})).body.members).toEqual([
      { id: member.userId, name: expect.any(String), isLead: false },
    ]);
    expect((await call('PUT', `/${id}/members/${member.userId}`, { isLead: true })).body.members).toMatchObject([
      { isLead: true },
    ]);
    expect((await call('PATCH', `/${id}`, { description: 'First answers' })).body).toMatchObject({
      name: 'Front desk',
      description: 'First answers',
    });
    expect((await call('DELETE', `/${id}/members/${member.userId}`)).status).toBe(204);
    expect((await call('DELETE', `/${id}/members/${member.userId}`)).status).toBe(404);
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it('have one name each, and no members from elsewhere', async () => {
    const { id } = (await call('POST', '', { name: 'Back office' })).body;
    expect((await call('POST', '', { name: 'Back office' })).body.code).toBe('team_name_taken');
    const stranger = await signIn(slice, { tenantId: OTHER_TENANT });
    expect((await call('PUT', `/${id}/members/${stranger.userId}`, {})).status).toBe(404);
    expect((await call('PUT', `/${id}/members/${newId()}`, {})).status).toBe(404);
  });

  it('are what other contexts ask for', async () => {
    const auth = slice.get(AuthFacade);
    const team = newId();
    const member = await signIn(slice, { teams: [team], grants: ['approvals:decide_all'] });
    await slice.as(lead.actor, async () => {
      expect(await auth.teamsOf(member.userId)).toEqual([team]);
      expect(await auth.membersOf(team)).toMatchObject([{ id: member.userId, isActive: true, isLead: false }]);
      expect([
        await auth.userExists(member.userId),
        await auth.userExists(newId()),
        await auth.teamExists(team),
      ]).toEqual([true, false, true]);
      expect(await auth.usersByIds([member.userId, newId(), member.userId])).toHaveLength(1);
      expect(await auth.holdersOf(['approvals:decide_all'])).toMatchObject([{ id: member.userId }]);
    });
    const outsider = await signIn(slice, { tenantId: OTHER_TENANT });
    await slice.as(outsider.actor, async () => {
      expect(await auth.usersByIds([member.userId])).toEqual([]);
      expect(await auth.userExists(member.userId)).toBe(false);
    });
  });
});
