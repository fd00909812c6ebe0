import { createHmac, randomBytes } from 'node:crypto';
import { type Actor, Clock, type FieldRules, newId, type Permission } from '@app/kernel';
import { messagingContext } from '@app/messaging';
import { anActor, type Slice, TENANT } from '@app/platform/testing';
import { runAsSystem } from '@app/platform';
import { AuthFacade } from './auth.facade.js';
import { AccessTokens } from './access/access-tokens.js';
import { authContext } from './index.js';

/** auth and what it uses: `bootSlice({ contexts: [...authContexts, inquiriesContext] })`. */
export const authContexts = [messagingContext, authContext];

export type SignIn = {
  /** Permissions in their widest scope, or grant strings. */
  grants?: readonly (Permission | string)[];
  /** Ids of teams; those that do not exist are made. */
  teams?: readonly string[];
  tenantId?: string;
  userId?: string;
  email?: string;
  /** What the role keeps from them. */
  fieldRules?: FieldRules;
};

export type SignedIn = { token: string; userId: string; sessionId: string; actor: Actor };

/** Makes a tenant's row where it is missing. */
export async function ensureTenant({ superuser }: Slice, tenantId: string = TENANT): Promise<void> {
  await asTester(superuser, () =>
    superuser.query('insert into tenants (tenant_id, id, slug, title) values ($1, $1, $2, $2) on conflict do nothing', [
      tenantId,
      `t-${tenantId.slice(-12)}`,
    ]),
  );
}

/** A user with a role of exactly these grants, logged in: rows and a genuine access token, without hashing a password. */
export async function signIn(slice: Slice, given: SignIn = {}): Promise<SignedIn> {
  const { grants = [], teams = [], tenantId = TENANT, userId = newId(), fieldRules = {} } = given;
  const email = given.email ?? `${userId.slice(-12)}@test.example`;
  const actor = anActor(grants, { id: userId, tenantId, name: email, teams: [...teams] });
  const sessionId = newId();
  await ensureTenant(slice, tenantId);
  await asTester(slice.superuser, async () => {
    const { superuser } = slice;
    const insert = (table: string, columns: string, values: unknown[]): Promise<unknown> =>
      superuser.query(
        `insert into ${table} (tenant_id, ${columns}) values ($1, ${values.map((_, index) => `$${index + 2}`).join(', ')}) on conflict do nothing`,
        [tenantId, ...values],
      );
    const roleId = newId();
    await insert('users', 'id, email, first_name', [userId, email, email]);
    await insert('roles', 'id, name, grants, field_rules', [roleId, `role ${roleId}`, [...actor.grants], fieldRules]);
    await insert('user_roles', 'user_id, role_id', [userId, roleId]);
    for (const teamId of teams) {
      await insert('teams', 'id, name', [teamId, `team ${teamId}`]);
      await insert('team_members', 'team_id, user_id', [teamId, userId]);
    }
    const now = slice.get(Clock).now();
    const end = new Date(now.getTime() + 7 * 86_400_000);
    const times = [now, now, now, now, end, end];
    await insert(
      'sessions',
      'id, user_id, seed, proven_at, rotated_at, started_at, last_used_at, expires_at, absolute_expires_at',
      [sessionId, userId, randomBytes(32), ...times],
    );
  });
  return { token: slice.get(AccessTokens).issue({ userId, tenantId, sessionId }), userId, sessionId, actor };
}

/** Rows that no request wrote still need somebody who wrote them: the audit trigger refuses others. */
async function asTester<T>(superuser: Slice['superuser'], work: () => Promise<T>): Promise<T> {
  await superuser.query(
    `begin; select set_config('app.actor_id', '01920000-0000-7000-8000-0000000000ff', true), set_config('app.actor_name', 'tester', true)`,
  );
  try {
    const result = await work();
    await superuser.query('commit');
    return result;
  } catch (error) {
    await superuser.query('rollback');
    throw error;
  }
}

export type Account = { id: string; tenantId: string; email: string; password: string };

/** A tenant with the seeded roles. */
export async function aTenant(slice: Slice, slug: string): Promise<string> {
  return (await slice.get(AuthFacade).createTenant({ slug, title: slug })).id;
}

/** A user with a real password, for tests of logging in itself. */
export async function anAccount(slice: Slice, tenantId: string, email: string, roles: string[] = []): Promise<Account> {
  const password = 'seven green bottles';
  const { id } = await runAsSystem(tenantId, 'tests.accounts', 'test', () =>
    slice.get(AuthFacade).createUser({ email, password, roles, username: email.replace(/@.*$/, '') }),
  );
  return { id, tenantId, email, password };
}

export type LoggedIn = { status: number; token: string; refreshToken: string; deviceToken: string };

export async function logIn(slice: Slice, { email, password }: Pick<Account, 'email' | 'password'>): Promise<LoggedIn> {
  const answer = await slice.http('POST', '/api/v1/auth/login', { body: { email, password } });
  return { ...(answer.body as Omit<LoggedIn, 'status'>), status: answer.status };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows at that time: RFC 4226 and RFC 6238 once more, by other means than the product's. */
export function aCodeOf(secret: string, at: Date): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at.getTime() / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac.readUInt8(19) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export type Enrolled = { secret: string; recoveryCodes: string[] };

/** Sets up one-time codes for whoever the token is of; the code of this very moment is used up by it. */
export async function enrol(slice: Slice, token: string): Promise<Enrolled> {
  const begun = await slice.http('POST', '/api/v1/auth/mfa/totp', { token });
  const { secret } = begun.body as { secret: string };
  const body = { code: aCodeOf(secret, slice.get(Clock).now()) };
  const confirmed = await slice.http('POST', '/api/v1/auth/mfa/totp/confirm', { token, body });
  return { secret, recoveryCodes: (confirmed.body as { recoveryCodes: string[] }).recoveryCodes };
}

/** Waits until so many statements of this database wait for a lock. @throws after five seconds */
export async function untilSomebodyWaits({ superuser }: Slice, howMany = 1): Promise<void> {
  for (let tries = 0; tries < 250; tries++) {
    const { rows } = await superuser.query<{ waiting: number }>(
      `select count(distinct w.pid)::int as waiting from pg_locks w where not w.granted and exists (
         select 1 from pg_locks h join pg_database d on d.oid = h.database where h.pid = w.pid and d.datname = current_database())`,
    );
    if ((rows[0]?.waiting ?? 0) >= howMany) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error('nobody waits for a lock');
}

export type { IdentityProvider } from './sso/testing/identity-provider.js';
/** Somebody else's identity provider, for the few tests that need one: it is large to load. */
export const identityProviders = () => import('./sso/testing/identity-provider.js');
