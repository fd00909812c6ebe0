import { bootSlice, type Slice } from '@app/platform/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { AuthFacade } from '../auth.facade.js';
import { authContexts, logIn, signIn } from '../testing.js';

const FIRST = { email: 'first@demo.example', password: 'seven green bottles', firstName: 'Fia', company: 'Demo Ltd' };
const PRODUCTION = {
  NODE_ENV: 'production',
  METRICS_TOKEN: 'Zt5Yq8Wm2Nb6Vr9Kx3Lp7Hs4Dc1Jf0Ga',
};

describe('Registering', () => {
  let slice: Slice;
  afterEach(() => slice?.close());
  const boot = async (env?: NodeJS.ProcessEnv): Promise<void> =>
    void (slice = await bootSlice({ contexts: authContexts, env }));
  const register = (body: object, token?: string) => slice.http('POST', '/api/v1/auth/register', { body, token });

  it('makes the first user of an empty install its administrator, and nobody after that', async () => {
    await boot();
    const { status, body, headers } = await register(FIRST);
    expect([status, headers.location]).toEqual([201, `/api/v1/users/${body.id}`]);
    const { token } = await logIn(slice, FIRST);
    const me = (await slice.http('GET', '/api/v1/auth/me', { token })).body;
    expect(me).toMatchObject({ tenant: { slug: 'main', name: 'Demo Ltd' }, roles: [{ name: 'Administrator' }] });
    expect(me.permissions).toEqual(expect.arrayContaining(['users:create', 'roles:manage', 'messages:read']));
    expect((await register({ ...FIRST, email: 'second@demo.example' })).status).toBe(401);
  });

  it('lets one of two first users in', async () => {
    await boot();
    const both = await Promise.all([register(FIRST), register({ ...FIRST, email: 'other@demo.example' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await slice.superuser.query('select 1 from users')).rowCount).toBe(1);
  });

  it('needs users:create from then on', async () => {
    await boot();
    const may = await signIn(slice, { grants: ['users:create'] });
    const mayNot = await signIn(slice, { grants: ['users:read'] });
    const refused = await register({ email: 'x@demo.example', password: 'seven green bottles' }, mayNot.token);
    expect([refused.status, refused.body.permission]).toEqual([403, 'users:create']);
    const made = await register({ email: 'x@demo.example', password: 'seven green bottles' }, may.token);
    expect([made.status, made.body.firstName, made.body.roles]).toEqual([201, 'x', []]);
    expect((await register({ email: 'X@demo.example ', password: 'seven green bottles' }, may.token)).body.code).toBe(
      'email_taken',
    );
  });

  it('has no user in production until somebody shows the bootstrap token, once', async () => {
    await boot(PRODUCTION);
    expect((await slice.superuser.query('select 1 from users')).rowCount).toBe(0);
    expect((await register(FIRST)).status).toBe(401);
    expect((await register({ ...FIRST, bootstrapToken: 'guess' })).status).toBe(401);
    const { bootstrapToken } = slice.get(AuthFacade);
    expect((await register({ ...FIRST, bootstrapToken })).status).toBe(201);
    expect((await register({ ...FIRST, email: 'second@demo.example', bootstrapToken })).status).toBe(401);
  });

  it('is not needed for the seeded administrator, who has a password of their own to choose', async () => {
    await boot();
    const seeded = await slice.get(AuthFacade).seedAdmin();
    expect(seeded).toMatchObject({ created: true, email: 'admin@localhost', username: 'admin', tenant: 'main' });
    expect(await slice.get(AuthFacade).seedAdmin()).toMatchObject({ created: false, password: null });
    const { token } = await logIn(slice, { email: 'admin@localhost', password: seeded.password! });
    expect((await slice.http('GET', '/api/v1/users', { token })).body.code).toBe('password_change_required');
  });
});
