import { definePermissions } from '@app/kernel';

export const CatalogPermissions = definePermissions('catalog', {
  read: 'See what is sold, at which prices and taxes',
  manage: 'Say what is sold, at which prices and taxes',
});

export const PRODUCT_KINDS = ['product', 'service'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

/** In minor units. */
export const HIGHEST_PRICE = 999_999_999_999;
