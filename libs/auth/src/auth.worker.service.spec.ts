import { randomBytes } from 'node:crypto';
import { FixedClock, newId } from '@app/kernel';
import { SecretsAtRest, Standings } from '@app/platform';
import { aConfig, bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { placeOfSecret } from './mfa/totp-factor.entity.js';
import { Resealing } from './resealing.worker.js';
import { RoleAssignments } from './roles/role-assignments.js';
import { SessionsService } from './sessions/sessions.service.js';
import { RetentionWorker } from './settings/retention.worker.js';
import { placeOfClientSecret } from './sso/sso-provider.entity.js';
import { Tenant } from './tenants/tenant.entity.js';
import { authContexts, signIn } from './testing.js';
import { UsersService } from './users/users.service.js';

const DAY = 86_400_000;

describe('The worker of auth', () => {
  const clock = new FixedClock();
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, app: 'worker', clock });
  });
  afterAll(() => slice?.close());

  it('clears standings once more when sessions ended, roles changed or a user left', async () => {
    const { actor, sessionId, userId } = await signIn(slice, { grants: ['users:deactivate', 'roles:manage'] });
    const forgotten = vi.spyOn(slice.get(Standings), 'forget');
    const times = (): number => forgotten.mock.calls.filter(([ids]) => ids.includes(sessionId)).length;
    await slice.as(actor, () => slice.get(RoleAssignments).replace(userId, undefined, []));
    const atOnce = times();
    await slice.settled();
    expect(times()).toBeGreaterThan(atOnce);
    const before = times();
    await slice.as(actor, () => slice.get(SessionsService).endAll(userId, 'logged_out_everywhere'));
    const then = times();
    expect(then).toBeGreaterThan(before);
    await slice.settled();
    expect(times()).toBeGreaterThan(then);
    await slice.as(actor, () => slice.get(UsersService).deactivate(userId));
    await slice.settled();
  });

  it('removes what is long over and nothing that is not', async () => {
    const old = await signIn(slice);
    clock.advance(20 * DAY);
    const recent = await signIn(slice);
    clock.advance(20 * DAY);
    await slice.as(recent.actor, () => slice.get(RetentionWorker).obey({ scheduledFor: clock.now().toISOString() }));
    const { rows } = await slice.superuser.query('select id from sessions where id = any ($1)', [
      [old.sessionId, recent.sessionId],
    ]);
    expect(rows).toEqual([{ id: recent.sessionId }]);
  });

  it('keeps sign-ins for as long as the tenant says, and devices for longer', async () => {
    const { actor, userId } = await signIn(slice, { tenantId: OTHER_TENANT });
    const device = [OTHER_TENANT, userId, randomBytes(32), clock.now()];
    await slice.superuser.query(
      'insert into known_devices (tenant_id, user_id, device_hash, last_seen_at) values ($1, $2, $3, $4)',
      device,
    );
    const keepFor = (days: number | null) =>
      slice.as(actor, () =>
        slice.db.change(Tenant, OTHER_TENANT, undefined, (tenant) => tenant.keepFor({ sign_ins: days })),
      );
    const left = async (): Promise<number[]> => {
      await slice.as(actor, () => slice.get(RetentionWorker).obey({ scheduledFor: clock.now().toISOString() }));
      const counts = ['sessions', 'known_devices'].map((table) =>
        slice.superuser.query(`select 1 from ${table} where tenant_id = $1`, [OTHER_TENANT]),
      );
      return (await Promise.all(counts)).map(({ rowCount }) => rowCount ?? 0);
    };
    clock.advance(40 * DAY);
    await keepFor(null);
    expect(await left()).toEqual([1, 1]);
    await keepFor(34);
    expect(await left()).toEqual([1, 1]); // it ended when it expired, 33 days ago
    await keepFor(32);
    expect(await left()).toEqual([0, 1]);
    clock.advance(150 * DAY);
    expect(await left()).toEqual([0, 0]);
  });

  it('seals anew what rests under a retired key, and leaves alone what is under none that is known', async () => {
    const { superuser, config, db } = slice;
    const [ada, bob] = [await signIn(slice), await signIn(slice)];
    const [providerId, tenantId] = [newId(), ada.actor.tenantId];
    const former = slice.get(SecretsAtRest);
    const stranger = new SecretsAtRest(aConfig({ ENCRYPTION_KEY: 'b2'.repeat(32) }));
    const insert = 'insert into totp_factors (tenant_id, id, secret) values ($1, $2, $3)';
    await superuser.query(`select set_config('app.actor_id', $1, false)`, [ada.userId]);
    const [ofAda, ofBob] = [placeOfSecret(tenantId, ada.userId), placeOfSecret(tenantId, bob.userId)];
    await superuser.query(insert, [tenantId, ada.userId, former.seal('of ada', ofAda)]);
    const lost = stranger.seal('of bob', ofBob);
    await superuser.query(insert, [tenantId, bob.userId, lost]);
    const ofProvider = placeOfClientSecret(tenantId, providerId);
    await superuser.query(
      `insert into sso_providers (tenant_id, id, name, issuer, client_id, client_secret, scopes, is_enabled, is_required, provisions)
       values ($1, $2, 'p', 'https://p.example', 'c', $3, 'openid', true, false, true)`,
      [tenantId, providerId, former.seal('of the provider', ofProvider)],
    );
    const keys = { ENCRYPTION_KEY: 'a1'.repeat(32), ENCRYPTION_KEYS_RETIRED: config.ENCRYPTION_KEY.toString('hex') };
    const rotated = new SecretsAtRest(aConfig(keys));
    const reseal = () =>
      slice.as(ada.actor, () => new Resealing(db, rotated).reseal({ scheduledFor: clock.now().toISOString() }));
    await Promise.all([reseal(), reseal()]);
    const { rows } = await superuser.query(
      'select id, secret from totp_factors union all select id, client_secret from sso_providers',
    );
    const sealed = Object.fromEntries(rows.map(({ id, secret }) => [id, secret as string]));
    const newOnly = new SecretsAtRest(aConfig({ ENCRYPTION_KEY: keys.ENCRYPTION_KEY }));
    expect(newOnly.open(sealed[ada.userId] ?? '', ofAda)).toBe('of ada');
    expect(newOnly.open(sealed[providerId] ?? '', ofProvider)).toBe('of the provider');
    expect(sealed[bob.userId]).toBe(lost);
  });
});
