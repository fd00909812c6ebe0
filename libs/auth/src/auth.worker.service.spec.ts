import { FixedClock } from '@app/kernel';
import { Standings } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuthWorker } from './auth.worker.js';
import { RoleAssignments } from './roles/role-assignments.js';
import { SessionsService } from './sessions/sessions.service.js';
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
    await slice.as(recent.actor, () => slice.get(AuthWorker).purge({ scheduledFor: clock.now().toISOString() }));
    const { rows } = await slice.superuser.query('select id from sessions where id = any ($1)', [
      [old.sessionId, recent.sessionId],
    ]);
    expect(rows).toEqual([{ id: recent.sessionId }]);
  });
});
