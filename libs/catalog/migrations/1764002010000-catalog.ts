import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is sold, at which prices and taxes. */
export class Catalog1764002010000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'tax_classes', TAX_CLASSES, { audit: true });
    await createTenantTable(q, 'products', PRODUCTS, { audit: true });
    await q.query('create index products_by_creation on products (tenant_id, created_at desc, id desc)');
    await q.query('create index products_by_name on products (tenant_id, name, id)');
    await q.query('create index products_of_tax_class on products (tenant_id, tax_class_id)');
    await createTenantTable(q, 'product_prices', PRICES, { audit: true });
    await q.query(
      'create index product_prices_of_product on product_prices (tenant_id, product_id, valid_from desc, id desc)',
    );
    await q.query('revoke update on product_prices from nexus_app');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'product_prices', 'products', 'tax_classes');
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;

const TAX_CLASSES = `
  id uuid not null, name text not null,
  rate numeric(7, 4) not null constraint tax_classes_rate_is_a_percentage check (rate between 0 and 100),
  ${KEPT},
  constraint tax_classes_name_is_free unique (tenant_id, name)`;

const PRODUCTS = `
  id uuid not null,
  kind text not null constraint products_kind_is_known check (kind in ('product', 'service')),
  sku text not null, name text not null, description text, tax_class_id uuid,
  duration_minutes int constraint products_duration_is_positive check (duration_minutes > 0),
  active_from date, active_until date,
  ${KEPT},
  constraint products_sku_is_free unique (tenant_id, sku),
  constraint products_tax_class foreign key (tenant_id, tax_class_id) references tax_classes (tenant_id, id),
  constraint products_only_services_last check (kind = 'service' or duration_minutes is null),
  constraint products_active_days_are_in_order check (active_from <= active_until)`;

// One price a currency and day. A price is not changed: what was offered by it would be another offer.
const PRICES = `
  id uuid not null, product_id uuid not null, currency text not null,
  amount bigint not null constraint product_prices_amount_is_in_range check (amount between 0 and 999999999999),
  valid_from date not null, valid_until date,
  created_by uuid not null, created_at timestamptz(3) not null default now(),
  constraint product_prices_product foreign key (tenant_id, product_id) references products (tenant_id, id) on delete cascade,
  constraint product_prices_days_are_in_order check (valid_from <= valid_until),
  constraint product_prices_one_a_day exclude using gist
    (tenant_id with =, product_id with =, currency with =, daterange(valid_from, valid_until, '[]') with &&)`;
