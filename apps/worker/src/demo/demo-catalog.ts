import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const PRODUCTS = [
  { kind: 'service', sku: 'TOUR-1', name: 'City tour', duration_minutes: 120, amount: 4_900 },
  { kind: 'service', sku: 'GUIDE-1', name: 'Guide for a day', duration_minutes: 480, amount: 32_000 },
  { kind: 'product', sku: 'MAP-1', name: 'City map', duration_minutes: null, amount: 990 },
] as const;

export const taxClassRows = ({ index }: DemoTenant): DemoRow[] => [
  { id: demoId(index, SERIES.taxClass, 1), name: 'Standard', rate: '19', version: 1 },
];

export const productRows = ({ index }: DemoTenant): DemoRow[] =>
  PRODUCTS.map(({ kind, sku, name, duration_minutes }, n) => ({
    id: demoId(index, SERIES.product, n + 1),
    ...{ kind, sku, name, duration_minutes },
    tax_class_id: demoId(index, SERIES.taxClass, 1),
    version: 1,
  }));

export const priceRows = ({ index }: DemoTenant): DemoRow[] =>
  PRODUCTS.map(({ amount }, n) => ({
    id: demoId(index, SERIES.price, n + 1),
    product_id: demoId(index, SERIES.product, n + 1),
    currency: 'EUR',
    amount,
    valid_from: '2026-01-01',
    created_by: demoId(index, SERIES.user, 1),
  }));
