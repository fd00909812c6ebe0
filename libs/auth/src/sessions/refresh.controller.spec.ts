import { FixedClock } from '@app/kernel';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, anAccount, aTenant, authContexts, logIn } from '../testing.js';

const DAY = 86_400_000;

describe('Refreshing', () => {
  const clock = new FixedClock();
  let slice: Slice;
  let ada: Account;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: authContexts, clock });
    ada = await anAccount(slice, await aTenant(slice, 'north'), 'ada@north.example');
  });
  afterAll(() => slice?.close());

  const refresh = (refreshToken: string) => slice.http('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
  const me = async (token: string): Promise<number> => (await slice.http('GET', '/api/v1/auth/me', { token })).status;

  it('answers new tokens in the shape of a login, both of which work', async () => {
    const first = await logIn(slice, ada);
    const { status, body } = await refresh(first.refreshToken);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token: body.accessToken,
      tokenType: 'Bearer',
      expiresIn: 900,
      user: { email: ada.email },
    });
    expect(body.refreshToken).not.toBe(first.refreshToken);
    expect(await me(body.token)).toBe(200);
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  it('ends the whole session when a used token comes back, and records it', async () => {
    const first = await logIn(slice, ada);
    const second = (await refresh(first.refreshToken)).body;
    expect(await me(second.token)).toBe(200);
    clock.advance(11_000);
    expect((await refresh(first.refreshToken)).status).toBe(401);
    expect((await refresh(second.refreshToken)).status).toBe(401);
    expect(await me(second.token)).toBe(401);
    expect(await me(first.token)).toBe(401);
    const { rows } = await slice.superuser.query(
      `select 1 from audit_log where action = 'refresh_token_reused' and entity_id = $1`,
      [ada.id],
    );
    expect(rows).toHaveLength(1);
  });

  it('leaves exactly one lineage alive after twenty at once', async () => {
    const first = await logIn(slice, ada);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refreshToken)));
    const successors = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.refreshToken));
    expect(successors.size).toBe(1);
    clock.advance(11_000);
    const [successor] = [...successors];
    expect((await refresh(successor)).status).toBe(200);
    expect((await refresh(first.refreshToken)).status).toBe(401);
  });

  it('stops seven days after the last use, and thirty days after the login', async () => {
    const idle = await logIn(slice, ada);
    const busy = await logIn(slice, ada);
    let { refreshToken } = busy;
    for (let day = 0; day < 27; day += 3) {
      clock.advance(3 * DAY);
      const { status, body } = await refresh(refreshToken);
      expect(status).toBe(200);
      refreshToken = body.refreshToken;
    }
    expect((await refresh(idle.refreshToken)).status).toBe(401);
    clock.advance(3 * DAY);
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  it('refuses what is no refresh token with one answer', async () => {
    const { token, refreshToken } = await logIn(slice, ada);
    const forged = `${refreshToken.slice(0, -4)}AAAA`;
    for (const wrong of [token, forged, 'x', '../../etc/passwd', `${refreshToken}=`]) {
      const { status, body } = await refresh(wrong);
      expect([status, body.code]).toEqual([401, 'refresh_refused']);
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('has nothing to find in the database: neither a token nor a plain hash of one', async () => {
    const { refreshToken } = await logIn(slice, ada);
    const { rows } = await slice.superuser.query('select s::text as row from sessions s');
    const dump = JSON.stringify(rows);
    const bytes = Buffer.from(refreshToken, 'base64url');
    expect(dump).not.toContain(refreshToken);
    expect(dump).not.toContain(bytes.subarray(20).toString('hex'));
  });
});
