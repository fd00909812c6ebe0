import { authContexts, signIn } from '@app/auth/testing';
import { Actor, newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditPermissions } from './audit.policy.js';
import { auditContext } from './index.js';
import { aTrail, sealAll } from './testing.js';

describe('The audit trail over HTTP', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
  });
  afterAll(() => slice?.close());

  async function aTenant(): Promise<{ tenantId: string; token: string; userId: string }> {
    const tenantId = newId();
    const grants = [AuditPermissions.read, AuditPermissions.verify];
    return { tenantId, ...(await signIn(slice, { tenantId, grants })) };
  }

  it('tells of one record who did what, with before and after', async () => {
    const { tenantId, token, userId } = await aTenant();
    await aTrail(slice, { tenantId, rows: 3 });
    const { status, body } = await slice.http('GET', '/api/v1/audit?entity=customers&entityId=2', { token });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: [
        {
          id: expect.any(Number),
          at: expect.stringMatching(/Z$/),
          actorId: expect.not.stringMatching(userId),
          actorName: 'Ada Test',
          impersonatorId: null,
          requestId: expect.any(String),
          entity: 'customers',
          entityId: '2',
          action: 'updated',
          before: { phone: 'before 2' },
          after: { phone: 'after 2' },
          isSealed: true,
          erasedAt: null,
        },
      ],
      meta: expect.objectContaining({ total: 1, hasNext: false }),
    });
  });

  it('tells everything that one request did, newest first', async () => {
    const { token, tenantId } = await aTenant();
    await aTrail(slice, { tenantId, rows: 2 });
    const all = await slice.http('GET', '/api/v1/audit?entity=customers', { token });
    const { requestId } = all.body.data[1];
    const { body } = await slice.http('GET', `/api/v1/audit?requestId=${requestId}`, { token });
    expect(all.body.data.map((row: { entityId: string }) => row.entityId)).toEqual(['2', '1']);
    expect(body.data).toEqual([all.body.data[1]]);
  });

  it('pages by cursor through rows that are written meanwhile, each once', async () => {
    const { token, tenantId } = await aTenant();
    await aTrail(slice, { tenantId, rows: 7 });
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await slice.http('GET', `/api/v1/audit?entity=customers&limit=3&cursor=${cursor}`, { token });
      seen.push(...body.data.map((row: { entityId: string }) => row.entityId));
      cursor = body.meta.nextCursor;
      await aTrail(slice, { tenantId, rows: 1 });
    }
    expect(seen).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  it('filters by actor, action and time', async () => {
    const { token, tenantId, userId } = await aTenant();
    const { actor } = await signIn(slice, { tenantId, userId });
    await aTrail(slice, { tenantId, rows: 2 });
    await slice.as(actor, () => slice.db.audit('customers', '1', 'exported'));
    const find = async (query: string): Promise<number> =>
      (await slice.http('GET', `/api/v1/audit?entity=customers&${query}`, { token })).body.meta.total;
    expect(await find(`actorId=${userId}`)).toBe(1);
    expect(await find('action=exported')).toBe(1);
    expect(await find('action[ne]=exported')).toBe(2);
    expect(await find('at[gte]=last:1d')).toBe(3);
    expect(await find('at[lt]=2020-01-01')).toBe(0);
  });

  it('names both where somebody acted as another person, finds what they did, and has it sealed', async () => {
    const { token, tenantId, userId } = await aTenant();
    const { id: asWhom } = anActor();
    const impersonator = new Actor(asWhom, tenantId, 'Clara', new Set(), [], 'user', null, { impersonatorId: userId });
    await slice.as(impersonator, () => slice.db.audit('customers', '1', 'exported'));
    await slice.as(anActor([], { tenantId, id: userId }), () => slice.db.audit('customers', '2', 'exported'));
    const find = async (query: string) =>
      (await slice.http('GET', `/api/v1/audit?entity=customers&${query}`, { token })).body.data;
    const [row, ...others] = await find(`impersonatorId=${userId}`);
    expect(row).toMatchObject({ entityId: '1', actorId: asWhom, actorName: 'Clara', impersonatorId: userId });
    expect(others).toEqual([]);
    expect(await find('impersonatorId[null]=true')).toMatchObject([{ entityId: '2', impersonatorId: null }]);
    await sealAll(slice);
    const verified = await slice.http('GET', '/api/v1/audit/verify', { token });
    expect(verified.body).toMatchObject({ valid: true, unsealed: 0 });
  });

  it('shows and verifies nothing of another tenant', async () => {
    const { ids } = await aTrail(slice);
    const { token } = await aTenant();
    const list = await slice.http('GET', `/api/v1/audit?id=${ids[0]}`, { token });
    const verification = await slice.http('GET', '/api/v1/audit/verify', { token });
    expect(list.body.data).toEqual([]);
    expect(verification.body).toMatchObject({ valid: true, rows: 0 });
  });

  it('verifies, and names what is broken', async () => {
    const { token, tenantId } = await aTenant();
    const { ids } = await aTrail(slice, { tenantId });
    await sealAll(slice);
    const sound = await slice.http('GET', '/api/v1/audit/verify', { token });
    expect(sound.body).toMatchObject({ valid: true, rows: ids.length });
    expect(sound.body).not.toHaveProperty('brokenAt');
    await slice.superuser.query(
      `begin; set local session_replication_role = replica; update audit_log set action = 'x' where id = ${ids.at(-2)}; commit`,
    );
    const broken = await slice.http('GET', '/api/v1/audit/verify', { token });
    expect(broken).toMatchObject({
      status: 200,
      body: { valid: false, brokenAt: { kind: 'altered', seq: ids.length - 1, id: ids.at(-2) } },
    });
  });

  it.each([
    ['/api/v1/audit', AuditPermissions.verify],
    ['/api/v1/audit/verify', AuditPermissions.read],
  ])('refuses %s to whoever holds only the other permission', async (url, permission) => {
    const { token } = await signIn(slice, { tenantId: newId(), grants: [permission] });
    expect((await slice.http('GET', url, { token })).status).toBe(403);
  });

  it('refuses a filter that it does not know, and whoever shows no token', async () => {
    const { token } = await aTenant();
    expect((await slice.http('GET', '/api/v1/audit?before=x', { token })).status).toBe(400);
    expect((await slice.http('GET', '/api/v1/audit')).status).toBe(401);
  });
});
