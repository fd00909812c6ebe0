import { defineContext } from '@app/platform';
import { catalogMigrations } from '../migrations/index.js';
import { CatalogApiModule } from './catalog.module.js';
import { Product } from './products/product.entity.js';
import { CatalogPermissions } from './products/product.policy.js';
import { ProductPrice } from './products/product-price.entity.js';
import { TaxClass } from './tax-classes/tax-class.entity.js';

export { CatalogFacade, type Offer } from './catalog.facade.js';
export { CatalogModule } from './catalog.module.js';

export const catalogContext = defineContext({
  name: 'catalog',
  version: '1.0.0',
  description: 'What is sold: products and services, their prices in each currency, their taxes.',
  uses: [],
  api: CatalogApiModule,
  entities: [Product, ProductPrice, TaxClass],
  migrations: catalogMigrations,
  permissions: [CatalogPermissions],
});
