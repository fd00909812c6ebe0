import { Redis } from 'ioredis';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus, type Process } from './support/nexus.js';

type Body = ReturnType<typeof JSON.parse>;
type Heard = { event: string; data: Body };

/** A socket of the official client, and what it heard. */
class Listener {
  readonly heard: Heard[] = [];

  constructor(readonly socket: Socket) {
    socket.onAny((event: string, data: Body) => this.heard.push({ event, data }));
  }

  say(event: string, body?: unknown): Promise<Body> {
    return this.socket.timeout(5000).emitWithAck(event, body);
  }

  of(event: string): Body[] {
    return this.heard.filter((one) => one.event === event).map(({ data }) => data);
  }
}

const inquiryOf = (n: number): string => `01920000-0001-7006-8000-${n.toString(16).padStart(12, '0')}`;
const inquiryAtAcme = inquiryOf(1).replace('-0001-', '-0002-');

describe('live updates over two APIs', () => {
  let nexus: Nexus;
  let here: Process;
  let there: Process;
  let admin: Client;
  let manager: Client;
  let cso: Client;
  let cso2: Client;
  const opened: Socket[] = [];
  beforeAll(async () => {
    nexus = await Nexus.start({
      apis: 2,
      workers: 1,
      env: { CORS_ORIGIN: 'https://desk.example', JWT_EXPIRATION: '1h' },
    });
    [here, there] = nexus.apis as [Process, Process];
    [admin, manager, cso, cso2] = await Promise.all([
      nexus.login('admin'),
      nexus.login('manager'),
      nexus.login('cso'),
      nexus.login('cso2'),
    ]);
  });
  afterAll(() => nexus.stop());
  afterEach(() => opened.splice(0).forEach((socket) => socket.disconnect()));

  const connect = (at: Process, options: object): Socket => {
    const socket = io(`http://127.0.0.1:${at.port}`, { reconnection: false, transports: ['websocket'], ...options });
    opened.push(socket);
    return socket;
  };
  /** Connected, or the problem that it was refused with. */
  const open = async (at: Process, options: object): Promise<unknown> => {
    const socket = connect(at, options);
    return new Promise((done) => {
      const listener = new Listener(socket);
      socket.once('connect', () => done(listener));
      socket.once('connect_error', (error) => done((error as { data?: Body }).data ?? error.message));
    });
  };
  const listen = async (client: Client, at: Process): Promise<Listener> => {
    const listener = await open(at, { auth: { token: client.token } });
    if (!(listener instanceof Listener)) throw new Error(`refused: ${JSON.stringify(listener)}`);
    return listener;
  };
  const inquiry = (n: number): { kind: string; id: string } => ({ kind: 'inquiries', id: inquiryOf(n) });

  it('tell whoever watches a pipeline, at the other API, of each move on its board', async () => {
    const { body: board } = await manager.get('deals/board?cards=2', { at: there });
    const [, card] = board.columns[0].cards as { id: string }[];
    const pipeline = { kind: 'pipelines', id: board.pipelineId as string };
    const watcher = await listen(manager, here);
    expect(await watcher.say('record:watch', pipeline)).toMatchObject({ ok: true });
    const place = { stageId: board.columns[0].stageId };
    expect((await manager.post(`deals/${card?.id}/stage`, place, { at: there })).status).toBe(200);
    await expect.poll(() => watcher.of('record:changed')).toEqual([pipeline]);
  });

  describe('the door', () => {
    it.each([
      ['in the handshake', (token: string) => ({ auth: { token } })],
      ['in the handshake, as a header has it', (token: string) => ({ auth: { token: `Bearer ${token}` } })],
      ['in a header', (token: string) => ({ extraHeaders: { authorization: `Bearer ${token}` } })],
      ['in a header, raw', (token: string) => ({ extraHeaders: { authorization: token } })],
      ['over long polling', (token: string) => ({ auth: { token }, transports: ['polling'] })],
    ])('opens for a token %s', async (_, options) => {
      expect(await open(here, options(cso.token))).toBeInstanceOf(Listener);
    });

    it.each([
      ['no token', {}],
      ['a token that is none', { auth: { token: 'x.y.z' } }],
      ['a token that is no text', { auth: { token: { $ne: '' } } }],
    ])('stays shut for %s', async (_, options) => {
      expect(await open(here, options)).toMatchObject({ status: 401, code: 'unauthenticated' });
    });

    it('stays shut for a page of another origin, and opens for one that may call the API', async () => {
      const from = (origin: string) => ({ auth: { token: cso.token }, extraHeaders: { origin } });
      expect(await open(here, from('https://evil.example'))).toEqual(expect.stringContaining('websocket error'));
      expect(await open(here, from('https://desk.example'))).toBeInstanceOf(Listener);
    });

    it('stays shut for a service token that is kept to other networks, and opens for one that is not', async () => {
      const key = async (name: string, allowedFrom: string[]): Promise<object> => {
        const { body } = await admin.post('service-tokens', { name, grants: ['inquiries:read_all'], allowedFrom });
        return { extraHeaders: { 'x-api-key': body.key } };
      };
      const kept = await key('elsewhere', ['192.0.2.0/24']);
      expect(await open(here, kept)).toMatchObject({ status: 403, code: 'address_not_allowed' });
      expect(await open(here, await key('here', ['127.0.0.0/8']))).toBeInstanceOf(Listener);
    });

    it('lets twenty sockets of one session in and no more', async () => {
      const { token } = await nexus.login('salesmanager');
      for (let count = 0; count < 20; count++) expect(await open(here, { auth: { token } })).toBeInstanceOf(Listener);
      expect(await open(here, { auth: { token } })).toMatchObject({ status: 429, code: 'too_many_sockets' });
    });
  });

  describe('a record', () => {
    it('that another process changes is told of to whoever watches it', async () => {
      const listener = await listen(manager, there);
      expect(await listener.say('record:watch', inquiry(7))).toMatchObject({ ok: true, people: [], writer: null });
      await manager.post(`inquiries/${inquiryOf(7)}/notes`, { body: 'Called them.' }, { at: here });
      await expect.poll(() => listener.of('record:changed')).toContainEqual(inquiry(7));
    });

    it('is told of no more once it is not watched', async () => {
      const [watching, done] = await Promise.all([listen(manager, here), listen(manager, there)]);
      for (const one of [watching, done]) await one.say('record:watch', inquiry(8));
      expect(await done.say('record:unwatch', inquiry(8))).toEqual({ ok: true });
      await manager.post(`inquiries/${inquiryOf(8)}/notes`, { body: 'Once.' });
      await expect.poll(() => watching.of('record:changed')).toContainEqual(inquiry(8));
      expect(done.of('record:changed')).toEqual([]);
    });

    it.each([
      ['of another tenant', { kind: 'inquiries', id: inquiryAtAcme }, 404, 'not_found'],
      ['that is not there', { kind: 'inquiries', id: '01920000-0001-7006-8000-0000000fffff' }, 404, 'not_found'],
      ['of an unknown kind', { kind: 'secrets', id: inquiryOf(1) }, 400, 'record_kind_unknown'],
      ['without an id', { kind: 'inquiries' }, 400, 'validation_failed'],
      ['with an id that is SQL', { kind: 'inquiries', id: "' or 1=1 --" }, 400, 'validation_failed'],
      [
        'with more than is asked',
        { ...{ kind: 'inquiries', id: inquiryOf(1) }, userId: 'x' },
        400,
        'validation_failed',
      ],
      ['that is nothing', undefined, 400, 'validation_failed'],
    ])('%s is not watched', async (_, record, status, code) => {
      const listener = await listen(admin, here);
      expect(await listener.say('record:watch', record)).toMatchObject({ ok: false, problem: { status, code } });
    });

    it('that passes out of reach says so, and nothing after it', async () => {
      const mine = (
        await cso.post('inquiries', {
          customerId: '01920000-0001-7004-8000-000000000001',
          subject: 'Live',
          message: 'Whose is it?',
        })
      ).body.id as string;
      const record = { kind: 'inquiries', id: mine };
      const listener = await listen(manager, there);
      expect(await listener.say('record:watch', record)).toMatchObject({ ok: true });
      await admin.delete(`inquiries/${mine}`);
      await expect.poll(() => listener.of('record:gone')).toEqual([record]);
    });
  });

  describe('presence', () => {
    const record = inquiry(9);

    it('shows over both processes who has an inquiry open, and who writes first', async () => {
      const [clara, max] = await Promise.all([listen(manager, here), listen(admin, there)]);
      for (const one of [clara, max]) await one.say('record:watch', record);
      expect(await clara.say('presence:set', { ...record, state: 'viewing' })).toMatchObject({ ok: true });
      await max.say('presence:set', { ...record, state: 'typing' });
      await expect
        .poll(() => clara.of('presence:changed').at(-1))
        .toMatchObject({
          ...record,
          people: [{ state: 'typing' }, { state: 'viewing' }],
          writer: { state: 'typing' },
        });
      await clara.say('presence:set', { ...record, state: 'typing' });
      const { body } = await manager.get(`inquiries/${record.id}/presence`);
      expect(body.people).toHaveLength(2);
      expect(body.writer).toEqual(clara.of('presence:changed').at(-1).writer);
    });

    it('ends with the socket', async () => {
      const [stays, goes] = await Promise.all([listen(manager, here), listen(admin, there)]);
      for (const one of [stays, goes]) await one.say('record:watch', record);
      await goes.say('presence:set', { ...record, state: 'viewing' });
      await expect.poll(() => stays.of('presence:changed').at(-1)?.people).toHaveLength(1);
      goes.socket.disconnect();
      await expect.poll(() => stays.of('presence:changed').at(-1)?.people).toEqual([]);
    });

    it('is shown by nobody who does not watch the record, whatever they say of themselves', async () => {
      const listener = await listen(manager, here);
      expect(await listener.say('presence:set', { ...record, state: 'viewing' })).toMatchObject({
        ok: false,
        problem: { status: 422, code: 'record_not_watched' },
      });
      await listener.say('record:watch', record);
      expect(await listener.say('presence:set', { ...record, state: 'viewing', userId: inquiryOf(1) })).toMatchObject({
        ok: false,
        problem: { status: 400, errors: [{ pointer: '/userId', code: 'unknown_field' }] },
      });
    });

    it('is seen by nobody who may not read the record', async () => {
      const foreign = `inquiries/${inquiryAtAcme}/presence`;
      expect((await admin.get(foreign)).status).toBe(404);
    });
  });

  describe('a session', () => {
    it('that ends takes its sockets along, in every process', async () => {
      const leaving = await nexus.login('cso2');
      const [one, other] = await Promise.all([listen(leaving, here), listen(leaving, there)]);
      await leaving.post('auth/logout', {}, { at: here });
      for (const listener of [one, other]) {
        await expect.poll(() => listener.socket.connected).toBe(false);
        expect(listener.of('session:ended')).toMatchObject([{ status: 401, code: 'unauthenticated' }]);
      }
    });

    it('that loses a right hears no more of what it may not read', async () => {
      const listener = await listen(cso2, there);
      const record = (await cso2.get('inquiries?limit=1')).body.data[0];
      const watched = { kind: 'inquiries', id: record.id };
      expect(await listener.say('record:watch', watched)).toMatchObject({ ok: true });
      const userId = (await admin.get('users?email=cso2@demo.example')).body.data[0].id;
      expect((await admin.put(`users/${userId}/roles`, { roles: ['HR'] })).status).toBe(200);
      await expect.poll(() => listener.of('record:gone')).toEqual([watched]);
      expect(await listener.say('record:watch', inquiry(1))).toMatchObject({ ok: false, problem: { status: 404 } });
    });

    it('goes on with a fresh token of its own, and with no other’s', async () => {
      const listener = await listen(manager, here);
      expect(await listener.say('auth:renew', { token: admin.token })).toMatchObject({
        ok: false,
        problem: { status: 401 },
      });
      expect(await listener.say('auth:renew', { token: manager.token })).toEqual({ ok: true });
    });
  });

  it('is told that it may have missed something once its process could not hear', async () => {
    const listener = await listen(manager, here);
    const redis = new Redis(nexus.env.REDIS_URL ?? '');
    const clients = (await redis.client('LIST')) as string;
    const ids = clients
      .split('\n')
      .flatMap((line) => (/ name=nexus-live /.test(line) ? [/id=(\d+)/.exec(line)?.[1] ?? ''] : []));
    expect(ids.length).toBeGreaterThanOrEqual(2);
    for (const id of ids) await redis.client('KILL', 'ID', id);
    redis.disconnect();
    await expect.poll(() => listener.of('live:resync')).toHaveLength(1);
  });

  it('tell how far a job is to whoever started it, in every process, and to nobody else', async () => {
    const [mine, elsewhere, theirs] = [await listen(admin, here), await listen(admin, there), await listen(cso, there)];
    const { status, body } = await admin.post('exports', { entity: 'customers' }, { at: here });
    expect(status).toBe(202);
    for (const each of [mine, elsewhere])
      await expect
        .poll(() => each.of('job:progress').at(-1), { timeout: 20_000 })
        .toMatchObject({ id: body.id, kind: 'exports.write', state: 'done', done: 200 });
    expect(theirs.of('job:progress')).toEqual([]);
  });

  it('outlives a process: its people are gone soon, and clients are told to come back by one that stops', async () => {
    const record = inquiry(10);
    const [stays, dies] = await Promise.all([listen(manager, here), listen(admin, there)]);
    for (const one of [stays, dies]) await one.say('record:watch', record);
    await dies.say('presence:set', { ...record, state: 'typing' });
    await expect.poll(() => stays.of('presence:changed').at(-1)?.writer).toMatchObject({ state: 'typing' });
    await there.kill();
    await expect.poll(() => stays.of('presence:changed').at(-1)?.people, { timeout: 30_000 }).toEqual([]);
    const reason = new Promise((done) => stays.socket.once('disconnect', done));
    expect(await here.stop()).toBe(0);
    expect(await reason).toBe('transport close'); // which the client takes for a reason to connect again
  });
});
