import { FixedClock } from '@app/kernel';
import { RedisConnections, standingKey } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authContexts, type SignedIn, signIn } from '../testing.js';
import { AccessTokens } from './access-tokens.js';

type Heard = ReturnType<typeof JSON.parse>;

describe('A socket', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let ada: SignedIn;
  let socket: Socket | undefined;
  let ended: Heard[];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    await slice.app.listen(0, '127.0.0.1');
  });
  afterAll(() => slice?.close());
  afterEach(() => socket?.disconnect());

  /** The problem it was refused with, if it was. */
  const open = async (token: string): Promise<Heard> => {
    const { port } = slice.app.getHttpServer().address() as { port: number };
    ended = [];
    const opened = io(`http://127.0.0.1:${port}`, { auth: { token }, transports: ['websocket'], reconnection: false });
    socket = opened;
    opened.on('session:ended', (problem: Heard) => ended.push(problem));
    return new Promise((done) => {
      opened.once('connect', () => done(undefined));
      opened.once('connect_error', (error) => done((error as { data?: Heard }).data));
    });
  };
  const renew = (token: string): Promise<Heard> =>
    (socket as Socket).timeout(5000).emitWithAck('auth:renew', { token });
  const tokenOf = ({ userId, sessionId, actor }: SignedIn): string =>
    slice.get(AccessTokens).issue({ userId, sessionId, tenantId: actor.tenantId });

  it('ends with its token, which is told', async () => {
    ada = await signIn(slice);
    expect(await open(ada.token)).toBeUndefined();
    clock.advance(15 * 60_000 + 1000);
    await expect.poll(() => socket?.connected, { timeout: 5000 }).toBe(false);
    expect(ended).toMatchObject([{ status: 401, code: 'token_expired' }]);
    expect(await open(ada.token)).toMatchObject({ status: 401, code: 'unauthenticated' });
  });

  it('lives on with a token that was renewed in time', async () => {
    ada = await signIn(slice);
    expect(await open(ada.token)).toBeUndefined();
    clock.advance(10 * 60_000);
    expect(await renew(tokenOf(ada))).toEqual({ ok: true });
    clock.advance(10 * 60_000);
    expect(await renew(tokenOf(ada))).toEqual({ ok: true });
    expect([socket?.connected, ended]).toEqual([true, []]);
  });

  it('is not renewed by the token of another session, even of the same person', async () => {
    ada = await signIn(slice);
    expect(await open(ada.token)).toBeUndefined();
    const { token } = await signIn(slice, { userId: ada.userId, email: ada.actor.name });
    expect(await renew(token)).toMatchObject({ ok: false, problem: { status: 401 } });
  });

  it('is not opened by whoever must change their password first', async () => {
    ada = await signIn(slice);
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '01920000-0000-7000-8000-0000000000ff', true), set_config('app.actor_name', 'tester', true);
       update users set must_change_password = true where id = '${ada.userId}'; commit`,
    );
    expect(await open(ada.token)).toMatchObject({ status: 403, code: 'password_change_required' });
  });

  it('ends with a session that ended though nobody told of it', async () => {
    ada = await signIn(slice);
    expect(await open(ada.token)).toBeUndefined();
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '01920000-0000-7000-8000-0000000000ff', true), set_config('app.actor_name', 'tester', true);
       update sessions set revoked_at = now() where id = '${ada.sessionId}'; commit`,
    );
    await slice.get(RedisConnections).commands.del(standingKey(ada.sessionId));
    clock.advance(31_000);
    await expect.poll(() => socket?.connected, { timeout: 5000 }).toBe(false);
    expect(ended).toMatchObject([{ status: 401, code: 'unauthenticated' }]);
  });
});
