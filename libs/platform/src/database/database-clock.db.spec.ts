import { Clock } from '@app/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootSlice, type Slice } from '../testing.js';
import { notesContext } from '../testing/notes-context.js';
import { TestAuthModule } from '../testing/test-auth.module.js';

describe('The time', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [notesContext], modules: [TestAuthModule] });
  });
  afterEach(() => vi.useRealTimers());
  afterAll(() => slice.close());

  const offFromPostgres = async (): Promise<number> => {
    const { rows } = await slice.superuser.query<{ time: Date }>('select clock_timestamp() as time');
    return Math.abs(slice.get(Clock).now().getTime() - rows[0]!.time.getTime());
  };

  it('is that of PostgreSQL', async () => {
    expect(await offFromPostgres()).toBeLessThan(500);
  });

  it.each([3_600_000, -3_600_000])('does not jump when the machine’s clock jumps by %i ms', async (jump) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + jump });
    expect(await offFromPostgres()).toBeLessThan(500);
  });
});
