import { resolveContexts } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { tenant } from './tenants.js';

describe('The command tenant', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
  });
  afterAll(() => slice?.close());

  const run = (...words: string[]): Promise<string[]> =>
    tenant(slice.config, resolveContexts(contexts, ['auth']), words);

  it('makes a tenant, suspends it, closes it and keeps it, and says how it stands', async () => {
    const standing: (string | undefined)[] = [];
    for (const words of [
      ['create', 'north', 'North'],
      ['suspend', 'north'],
      ['close', 'north', '7'],
      ['keep', 'north'],
    ])
      standing.push((await run(...words))[0]?.replace(/^\S+ /, ''));
    expect(standing).toEqual(['north active', 'north suspended', 'north closing', 'north suspended']);
    const { rows } = await slice.superuser.query("select title from tenants where slug = 'north'");
    expect(rows).toEqual([{ title: 'North' }]);
  });

  it('closes for thirty days unless it is told for how many', async () => {
    await run('create', 'south');
    await run('close', 'south');
    const { rows } = await slice.superuser.query(
      "select round(extract(epoch from delete_at - now()) / 86400)::int as days from tenants where slug = 'south'",
    );
    expect(rows).toEqual([{ days: 30 }]);
  });

  it.each([[['fly', 'north']], [['suspend']], [['close', 'south', 'soon']], [['suspend', 'nowhere']]])(
    'refuses %o',
    async (words) => {
      await expect(run(...words)).rejects.toThrow(/tenant/);
    },
  );
});
