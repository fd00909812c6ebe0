import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogPermissions } from './product.policy.js';
import {
  EditProductDto,
  PriceDto,
  PriceView,
  ProductDto,
  ProductView,
  ReplaceProductDto,
  toDocument,
  toPriceView,
} from './products.dto.js';
import { PriceList, ProductList, ProductsQueries } from './products.queries.js';
import { ProductsService } from './products.service.js';

const REFUSALS = '409 `sku_taken`; 422 `tax_class_unknown`, `only_services_last`, `days_out_of_order`.';

@Controller('products')
@ApiTags('catalog')
export class ProductsController {
  constructor(
    private readonly products: ProductsService,
    private readonly queries: ProductsQueries,
  ) {}

  @Get()
  @Allow(CatalogPermissions.read)
  @ApiOperation({ summary: 'List what is sold', description: 'Services alone: `kind=service`.' })
  @ApiList(ProductList, ProductView)
  list(@Listed(ProductList) query: ListQuery): Promise<Page<ProductView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(CatalogPermissions.read)
  @ApiOperation({ summary: 'Read a product or service' })
  view(@Param('id', UuidPipe) id: string): Promise<ProductView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Begin to sell something', description: REFUSALS })
  create(@Body() product: ProductDto): Promise<ProductView> {
    return this.products.create(product.kind, toDocument(product)).then(({ id }) => this.queries.view(id));
  }

  @Put(':id')
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Replace what is said of a product or service', description: REFUSALS })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() to: ReplaceProductDto,
    @IfMatch() version?: number,
  ): Promise<ProductView> {
    return this.products.edit(id, toDocument(to), version).then(() => this.queries.view(id));
  }

  @Patch(':id')
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Change what is said of a product or service', description: REFUSALS })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditProductDto,
    @IfMatch() version?: number,
  ): Promise<ProductView> {
    return this.products.edit(id, to, version).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Remove what was never offered', description: '409 `product_in_use`.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.products.remove(id, version);
  }

  @Get(':id/prices')
  @Allow(CatalogPermissions.read)
  @ApiOperation({ summary: 'Which prices it had, has and will have' })
  @ApiList(PriceList, PriceView)
  prices(@Param('id', UuidPipe) id: string, @Listed(PriceList) query: ListQuery): Promise<Page<PriceView>> {
    return this.queries.prices(id, query);
  }

  @Post(':id/prices')
  @Allow(CatalogPermissions.manage)
  @ApiOperation({
    summary: 'Give it a price for some days',
    description: '409 `price_overlaps`; 422 `days_out_of_order`.',
  })
  price(@Param('id', UuidPipe) id: string, @Body() price: PriceDto): Promise<PriceView> {
    return this.products.price(id, { ...price, validUntil: price.validUntil ?? null }).then(toPriceView);
  }

  @Delete(':id/prices/:priceId')
  @HttpCode(204)
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Take a price back; what was offered by it stays' })
  unprice(@Param('id', UuidPipe) id: string, @Param('priceId', UuidPipe) priceId: string): Promise<void> {
    return this.products.unprice(id, priceId);
  }
}
