import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CatalogPermissions } from '../products/product.policy.js';
import { EditTaxClassDto, TaxClassDto, TaxClassView, toView } from './tax-classes.dto.js';
import { TaxClassesQueries, TaxClassList } from './tax-classes.queries.js';
import { TaxClassesService } from './tax-classes.service.js';

@Controller('tax-classes')
@ApiTags('catalog')
export class TaxClassesController {
  constructor(
    private readonly taxClasses: TaxClassesService,
    private readonly queries: TaxClassesQueries,
  ) {}

  @Get()
  @Allow(CatalogPermissions.read)
  @ApiOperation({ summary: 'List tax classes' })
  @ApiList(TaxClassList, TaxClassView)
  list(@Listed(TaxClassList) query: ListQuery): Promise<Page<TaxClassView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(CatalogPermissions.read)
  @ApiOperation({ summary: 'Read a tax class' })
  view(@Param('id', UuidPipe) id: string): Promise<TaxClassView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Add a tax class', description: '409 `tax_class_name_taken`.' })
  create(@Body() taxClass: TaxClassDto): Promise<TaxClassView> {
    return this.taxClasses.create(taxClass).then(toView);
  }

  @Patch(':id')
  @Allow(CatalogPermissions.manage)
  @ApiOperation({
    summary: 'Change a tax class',
    description: 'What was offered keeps the rate of that day. 409 `tax_class_name_taken`.',
  })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditTaxClassDto,
    @IfMatch() version?: number,
  ): Promise<TaxClassView> {
    return this.taxClasses.edit(id, to, version).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CatalogPermissions.manage)
  @ApiOperation({ summary: 'Remove a tax class that nothing is sold at', description: '409 `tax_class_in_use`.' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.taxClasses.remove(id, version);
  }
}
