import { Module } from '@nestjs/common';
import { CatalogFacade } from './catalog.facade.js';
import { ProductsController } from './products/products.controller.js';
import { ProductsQueries } from './products/products.queries.js';
import { ProductsService } from './products/products.service.js';
import { TaxClassesController } from './tax-classes/tax-classes.controller.js';
import { TaxClassesQueries } from './tax-classes/tax-classes.queries.js';
import { TaxClassesService } from './tax-classes/tax-classes.service.js';

@Module({ providers: [CatalogFacade], exports: [CatalogFacade] })
export class CatalogModule {}

@Module({
  imports: [CatalogModule],
  controllers: [ProductsController, TaxClassesController],
  providers: [ProductsService, ProductsQueries, TaxClassesService, TaxClassesQueries],
})
export class CatalogApiModule {}
