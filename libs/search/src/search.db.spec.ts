import { ensureTenant } from '@app/auth/testing';
import { customersContexts } from '@app/customers/testing';
import { bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchContext } from './index.js';

const ROWS = 60_000;

/** Names of two words out of some 500, a company and an address; a fifth of them belongs to another tenant. */
const FILL = `insert into search_documents (tenant_id, kind, id, title, subtitle, body, words, created_at)
  select case when n % 5 = 0 then $2::uuid else $1::uuid end, 'customers', gen_random_uuid(), t.title, t.subtitle, t.body,
    search_words(t.title, t.subtitle, t.body, array[t.body, 'ref' || n]), timestamptz '2026-01-01' + n * interval '1 second'
  from generate_series($3::int, $4::int) n, lateral (select
    initcap(substr(md5((n % 499)::text), 1, 6)) || ' ' || initcap(substr(md5((n % 503)::text || 'x'), 1, 8)) as title,
    'Works ' || substr(md5(n::text), 1, 10) as subtitle, 'person' || n || '@many.example' as body) t`;

describe('The doors of the search', () => {
  let slice: Slice;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...customersContexts, searchContext] });
    for (const tenant of [TENANT, OTHER_TENANT]) await ensureTenant(slice, tenant);
    await fillWithRows(slice.superuser, ['search_documents'], ROWS, (first, last) =>
      slice.superuser.query(FILL, [TENANT, OTHER_TENANT, first, last]),
    );
    await slice.superuser.query("select set_config('app.tenant_id', $1, false)", [TENANT]);
    await slice.superuser.query("load 'auto_explain'");
  }, 120_000);
  afterAll(() => slice?.close());

  const KINDS = "array['customers']";
  const found = async (door: string, q: string): Promise<number> => {
    const { rows } = await slice.superuser.query<{ found: number }>(
      `select count(*)::int as found from ${door}($1, ${KINDS}, 10000)`,
      [q],
    );
    return rows[0]?.found ?? -1;
  };

  it.each([
    ['search_exactly', 'person11999', 1, 'by_word'],
    ['search_exactly', 'person7@many.example', 1, 'by_word'],
    ['search_exactly', 'ref11999', 1, 'by_word'],
    ['search_exactly', 'person1199', 9, 'by_word'],
    ['search_exactly', 'person5@many.example', 0, 'by_word'],
    ['search_alike', 'Wroks 1a2b3c4d5e', undefined, 'by_form'],
  ])('answers %s(%j) by its index, within 50 ms of PostgreSQL', async (door, q, due, index) => {
    const plans = await explained(door, q);
    expect(plans).toMatch(new RegExp(`search_documents_${index}`));
    expect(plans).not.toMatch(/Seq Scan on search_documents/);
    if (due !== undefined) expect(await found(door, q)).toBe(due);
    const took: number[] = [];
    for (let times = 0; times < 5; times++) {
      const began = performance.now();
      await found(door, q);
      took.push(performance.now() - began);
    }
    expect(Math.min(...took)).toBeLessThan(50);
  });

  it('answers no more than it is asked for, the newest first', async () => {
    const { rows } = await slice.superuser.query<{ oldest: Date; count: number }>(
      `select min(created_at) as oldest, count(*)::int as count from search_exactly('works', ${KINDS}, 100)`,
    );
    const { rows: newest } = await slice.superuser.query<{ at: Date }>(
      'select created_at as at from search_documents where tenant_id = $1 order by created_at desc offset 99 limit 1',
      [TENANT],
    );
    expect(rows).toEqual([{ oldest: newest[0]?.at, count: 100 }]);
  });

  it('answers nothing without a tenant, and nothing of a kind that is not asked for', async () => {
    for (const door of ['search_exactly', 'search_alike']) {
      const { rowCount } = await slice.superuser.query(`select from ${door}('works', array['deals'], 100)`);
      expect(rowCount).toBe(0);
    }
    await slice.superuser.query("select set_config('app.tenant_id', '', false)");
    for (const door of ['search_exactly', 'search_alike']) expect(await found(door, 'works')).toBe(0);
    await slice.superuser.query("select set_config('app.tenant_id', $1, false)", [TENANT]);
  });

  /** The plans of what runs inside of the door. */
  async function explained(door: string, q: string): Promise<string> {
    const notices: string[] = [];
    const listen = ({ message }: { message?: string }): void => void notices.push(message ?? '');
    slice.superuser.on('notice', listen);
    await slice.superuser.query(
      `set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_level = 'notice'`,
    );
    await found(door, q);
    await slice.superuser.query('set auto_explain.log_min_duration = -1');
    slice.superuser.off('notice', listen);
    return notices.join('\n');
  }
});
