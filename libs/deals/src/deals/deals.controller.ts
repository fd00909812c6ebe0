import {
  Allow,
  ApiList,
  ApiSearch,
  EvenSuspended,
  IfMatch,
  Listed,
  type ListQuery,
  type Page,
  Searched,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from './deal.policy.js';
import {
  BeginDealDto,
  DealView,
  EditDealDto,
  ListedDealView,
  ReplaceDealDto,
  toView,
  TrashedDealView,
} from './deals.dto.js';
import { DealList, TrashList } from './deals.list.js';
import { DealsQueries } from './deals.queries.js';
import { DealsService } from './deals.service.js';

const REFUSALS =
  '409 `deal_not_open`; 422 `stage_demands` names what is missing, `follows_from_items`, `company_unknown`, `team_unknown`.';

@Controller('deals')
@ApiTags('deals')
export class DealsController {
  constructor(
    private readonly deals: DealsService,
    private readonly queries: DealsQueries,
  ) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'List deals' })
  @ApiList(DealList, ListedDealView)
  list(@Listed(DealList) query: ListQuery): Promise<Page<ListedDealView>> {
    return this.queries.list(query);
  }

  @Post('search')
  @EvenSuspended()
  @HttpCode(200)
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'Search deals by a tree of conditions' })
  @ApiSearch(DealList, ListedDealView)
  search(@Searched(DealList) query: ListQuery): Promise<Page<ListedDealView>> {
    return this.queries.list(query);
  }

  @Get('trash')
  @Allow(DealPermissions.delete)
  @ApiOperation({ summary: 'List the deals in the trash' })
  @ApiList(TrashList, TrashedDealView)
  trashed(@Listed(TrashList) query: ListQuery): Promise<Page<TrashedDealView>> {
    return this.queries.trash(query);
  }

  @Get(':id')
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'Read a deal' })
  view(@Param('id', UuidPipe) id: string): Promise<DealView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(DealPermissions.create)
  @ApiOperation({
    summary: 'Begin a deal',
    description: `On top of its column. 403 \`out_of_reach\` for another owner than oneself; 409 \`pipeline_archived\`; 422 \`stage_demands\` names
what is missing, \`pipeline_unknown\`, \`stage_unknown\`, \`owner_unknown\`, \`team_unknown\`.`,
  })
  begin(@Body() deal: BeginDealDto): Promise<DealView> {
    return this.deals.begin(deal).then(toView);
  }

  @Put(':id')
  @Allow(DealPermissions.update)
  @ApiOperation({ summary: 'Replace what a deal is about', description: REFUSALS })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() to: ReplaceDealDto,
    @IfMatch() version?: number,
  ): Promise<DealView> {
    return this.deals.replace(id, to, version).then(toView);
  }

  @Patch(':id')
  @Allow(DealPermissions.update)
  @ApiOperation({ summary: 'Change what a deal is about', description: REFUSALS })
  edit(@Param('id', UuidPipe) id: string, @Body() to: EditDealDto, @IfMatch() version?: number): Promise<DealView> {
    return this.deals.edit(id, to, version).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(DealPermissions.delete)
  @ApiOperation({ summary: 'Move a deal to the trash' })
  trash(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.deals.trash(id, version);
  }
}
