import { messagingContext } from '@app/messaging';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authContext } from '../index.js';
import { signIn } from '../testing.js';

describe('Authentication', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [messagingContext, authContext] });
  });
  afterAll(() => slice?.close());

  it('knows a user who is signed in', async () => {
    const { token, userId } = await signIn(slice, { grants: ['users:read'] });
    const answer = await slice.http('GET', '/api/v1/auth/me', { token });
    expect(answer.body).toMatchObject({ id: userId, permissions: ['users:read'] });
  });
});
