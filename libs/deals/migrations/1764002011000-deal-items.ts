import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a deal is made of. A line says what was offered: name, price and tax are those of that day. */
export class DealItems1764002011000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'deal_items', ITEMS, { audit: true });
    await q.query('create index deal_items_of_deal on deal_items (tenant_id, deal_id, position, id)');
    await q.query(
      'create index deal_items_of_product on deal_items (tenant_id, product_id) where product_id is not null',
    );
    await q.query('alter table deals add item_count int not null default 0');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table deals drop item_count');
    await dropTables(q, 'deal_items');
  }
}

const ITEMS = `
  id uuid not null, deal_id uuid not null, position int not null,
  product_id uuid, name text not null,
  quantity numeric(9, 3) not null constraint deal_items_quantity_is_positive check (quantity > 0),
  unit_amount bigint not null constraint deal_items_unit_amount_is_in_range check (unit_amount between 0 and 999999999999),
  discount_percent numeric(5, 2) not null constraint deal_items_discount_is_a_percentage check (discount_percent between 0 and 100),
  tax_rate numeric(7, 4) not null constraint deal_items_tax_is_a_percentage check (tax_rate between 0 and 100),
  billing text not null constraint deal_items_billing_is_known check (billing in ('once', 'monthly', 'yearly')),
  net_amount bigint not null, tax_amount bigint not null,
  version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now(),
  constraint deal_items_deal foreign key (tenant_id, deal_id) references deals (tenant_id, id) on delete cascade,
  constraint deal_items_product foreign key (tenant_id, product_id) references products (tenant_id, id)`;
