import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe, Writes } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealItemDto, DealItemView, EditDealItemDto, toItemView } from './items.dto.js';
import { ItemList, ItemsQueries } from './items.queries.js';
import { ItemsService } from './items.service.js';

@Controller('deals/:id/items')
@ApiTags('deals')
export class ItemsController {
  constructor(
    private readonly items: ItemsService,
    private readonly queries: ItemsQueries,
  ) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'What a deal is made of' })
  @ApiList(ItemList, DealItemView)
  list(@Param('id', UuidPipe) id: string, @Listed(ItemList) query: ListQuery): Promise<Page<DealItemView>> {
    return this.queries.of(id, query);
  }

  @Post()
  @Allow(DealPermissions.update)
  @Writes('deals', 'amount')
  @ApiOperation({
    summary: 'Add a line to a deal',
    description: `Of the catalog, at its price of today in the deal's currency, or free. The deal is worth the net sum of its lines.
400 \`free_line_needs\`; 409 \`deal_not_open\`; 422 \`product_unknown\`, \`product_not_sold\`, \`no_price\`, \`too_many_items\`, \`amount_too_large\`.`,
  })
  add(@Param('id', UuidPipe) id: string, @Body() item: DealItemDto): Promise<DealItemView> {
    return this.items.add(id, item).then(toItemView);
  }

  @Patch(':itemId')
  @Allow(DealPermissions.update)
  @Writes('deals', 'amount')
  @ApiOperation({ summary: 'Change a line of a deal', description: '409 `deal_not_open`; 422 `amount_too_large`.' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Param('itemId', UuidPipe) itemId: string,
    @Body() to: EditDealItemDto,
    @IfMatch() version?: number,
  ): Promise<DealItemView> {
    return this.items.edit(id, itemId, to, version).then(toItemView);
  }

  @Delete(':itemId')
  @HttpCode(204)
  @Allow(DealPermissions.update)
  @Writes('deals', 'amount')
  @ApiOperation({
    summary: 'Take a line out of a deal',
    description: 'Without lines the deal keeps its amount. 409 `deal_not_open`; 422 `stage_demands`.',
  })
  remove(
    @Param('id', UuidPipe) id: string,
    @Param('itemId', UuidPipe) itemId: string,
    @IfMatch() version?: number,
  ): Promise<void> {
    return this.items.remove(id, itemId, version);
  }
}
