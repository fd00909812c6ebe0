import { authContexts, ensureTenant } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { catalogContext } from './index.js';
import { ProductList, ProductsQueries } from './products/products.queries.js';

const ROWS = 40_000;

describe('The list of 40,000 products', () => {
  let slice: Slice;
  const boss = anActor(['catalog:read']);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, catalogContext] });
    await ensureTenant(slice);
    await slice.superuser.query(
      `set session app.actor_id = '${boss.id}'; alter table products disable trigger user; alter table product_prices disable trigger user`,
    );
    await fillWithRows(slice.superuser, ['products', 'product_prices'], ROWS, (first, last) =>
      slice.superuser.query(
        `with made as (insert into products (tenant_id, id, kind, sku, name, created_at)
           select $1, gen_random_uuid(), case n % 20 when 0 then 'service' else 'product' end, 'SKU-' || n, 'Thing ' || md5(n::text),
             now() - make_interval(secs => n) from generate_series($3::int, $4::int) n returning *)
         insert into product_prices (tenant_id, id, product_id, currency, amount, valid_from, created_by)
         select tenant_id, gen_random_uuid(), id, 'EUR', 100, date '2026-01-01', $2 from made`,
        [TENANT, newId(), first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice.close());

  it.each<[string, RawQuery, string]>([
    ['the newest', {}, 'products_by_creation'],
    ['in the order of their names', { sort: 'name' }, 'products_by_name'],
    ['one SKU', { sku: 'SKU-777' }, 'products_sku_is_free'],
  ])('is read by an index, and so are its prices: %s', async (_, raw, index) => {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    const plan = await slice.as(boss, async () => {
      const asked = parseListQuery({ count: 'none', cursor: '', ...raw }, ProductList);
      const { data } = await slice.get(ProductsQueries).list(asked);
      expect(data[0]?.prices).toEqual([{ currency: 'EUR', amount: 100 }]);
      const [text, values] = query.mock.calls.find(([sql]) => sql.includes('order by')) ?? [];
      const lines = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });
    query.mockRestore();
    expect(plan).toContain(index);
    expect(plan).toContain('product_prices_');
    expect(plan).not.toMatch(/Seq Scan on product/);
  });
});
