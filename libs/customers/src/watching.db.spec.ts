import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { bootSlice, LiveSockets, type Slice } from '@app/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customersContexts } from './testing.js';

type Heard = ReturnType<typeof JSON.parse>;

/** Of somebody who means no good, or whose train enters a tunnel. */
describe('A socket that watches customers', () => {
  let slice: Slice;
  let ada: SignedIn;
  let customerId: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: customersContexts, env: { RATE_LIMIT_AUTHENTICATED: '150' } });
    await slice.app.listen(0, '127.0.0.1');
    ada = await signIn(slice, { grants: ['customers:create', 'customers:read_all'] });
    const { body } = await slice.http('POST', '/api/v1/customers', { token: ada.token, body: { firstName: 'Mira' } });
    customerId = body.id;
  });
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await slice?.close();
  });

  const aReader = (): Promise<SignedIn> => signIn(slice, { grants: ['customers:read_all'] });
  const open = async ({ token } = ada): Promise<Socket> => {
    const { port } = slice.app.getHttpServer().address() as { port: number };
    const socket = io(`http://127.0.0.1:${port}`, { auth: { token }, transports: ['websocket'], reconnection: false });
    sockets.push(socket);
    await new Promise<void>((done, failed) => socket.once('connect', done).once('connect_error', failed));
    return socket;
  };
  const watch = (socket: Socket): Promise<Heard> =>
    socket.timeout(20_000).emitWithAck('record:watch', { kind: 'customers', id: customerId });
  /** How many records this process tells anybody of. */
  const watched = (): number => (Reflect.get(slice.get(LiveSockets), 'watchers') as Map<string, unknown>).size;

  it('is forgotten when it ends while its record is looked for', async () => {
    const socket = await open();
    await slice.superuser.query('begin; lock table customers in access exclusive mode');
    socket.emit('record:watch', { kind: 'customers', id: customerId });
    const waiting = async () => (await slice.superuser.query('select from pg_locks where not granted')).rowCount;
    await expect.poll(waiting).toBeGreaterThan(0);
    socket.disconnect();
    await expect.poll(() => slice.get(LiveSockets).isAnybodyThere).toBe(false);
    await slice.superuser.query('commit');
    const next = await open();
    expect(await watch(next)).toMatchObject({ ok: true }); // whatever came before is through
    next.disconnect();
    await expect.poll(watched).toBe(0);
  });

  it('that floods is refused message by message, as requests are, and others are not', async () => {
    const flooding = await open(await aReader());
    const answers = await Promise.all(Array.from({ length: 400 }, () => watch(flooding)));
    const refused = answers.filter(({ ok }) => !ok);
    expect(refused.length).toBeGreaterThan(200);
    for (const { problem } of refused) expect(problem).toMatchObject({ status: 429 });
    expect(watched()).toBe(1);
    expect(await watch(await open(await aReader()))).toMatchObject({ ok: true });
  });

  it('that sends more than a message holds is cut off, and nobody else', async () => {
    const [huge, quiet] = [await open(await aReader()), await open(await aReader())];
    const gone = new Promise<string>((done) => huge.once('disconnect', done));
    huge.emit('record:watch', { kind: 'customers', id: customerId, more: 'x'.repeat(20_000) });
    expect(await gone).toMatch(/transport/);
    expect(await watch(quiet)).toMatchObject({ ok: true });
  });

  it('hears no more of one when its team is taken from below the one that somebody leads', async () => {
    const [upper, lower] = [newId(), newId()];
    const clerk = await signIn(slice, { grants: ['teams:manage', 'customers:create'], teams: [lower] });
    const lead = await signIn(slice, { grants: ['customers:read_team'], teams: [upper] });
    const token = clerk.token;
    const call = (method: 'PUT' | 'PATCH', path: string, body: object) =>
      slice.http(method, `/api/v1/teams/${path}`, { token, body });
    await call('PUT', `${upper}/members/${lead.userId}`, { isLead: true });
    await call('PATCH', lower, { parentId: upper });
    const { body } = await slice.http('POST', '/api/v1/customers', {
      token,
      body: { firstName: 'Mio', teamId: lower },
    });
    const socket = await open(lead);
    const gone: Heard[] = [];
    socket.on('record:gone', (record: Heard) => gone.push(record));
    const asked = { kind: 'customers', id: body.id as string };
    expect(await socket.timeout(20_000).emitWithAck('record:watch', asked)).toMatchObject({ ok: true });
    await call('PATCH', lower, { parentId: null });
    await expect.poll(() => gone, { timeout: 10_000 }).toEqual([asked]);
    expect(socket.connected).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [1, 2]],
    ['another kind', { kind: 'users', id: '01920000-0001-7004-8000-000000000001' }],
    ['a kind of JavaScript’s own', { kind: '__proto__', id: '01920000-0001-7004-8000-000000000001' }],
    ['a statement', { kind: 'customers', id: "' or true --" }],
    ['a tenant', { kind: 'customers', id: '01920000-0001-7004-8000-000000000001', tenantId: 'x' }],
  ])('that asks for %s is told what is wrong', async (_, body) => {
    const socket = await open(await aReader());
    const { ok, problem } = await socket.timeout(5000).emitWithAck('record:watch', body);
    expect({ ok, status: problem.status }).toEqual({ ok: false, status: 400 });
  });
});
