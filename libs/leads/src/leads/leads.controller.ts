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
import { LeadPermissions } from './lead.policy.js';
import { CreateLeadDto, EditLeadDto, ReplaceLeadDto } from './lead-bodies.dto.js';
import { LeadView, ListedLeadView, toView, TrashedLeadView } from './leads.dto.js';
import { LeadList, TrashList } from './leads.list.js';
import { LeadsQueries } from './leads.queries.js';
import { LeadsService } from './leads.service.js';

const REFUSALS = '409 `lead_not_live` for what was converted, dropped or merged; 422 `team_unknown`.';

@Controller('leads')
@ApiTags('leads')
export class LeadsController {
  constructor(
    private readonly leads: LeadsService,
    private readonly queries: LeadsQueries,
  ) {}

  @Get()
  @Allow(LeadPermissions.read)
  @ApiOperation({ summary: 'List leads' })
  @ApiList(LeadList, ListedLeadView)
  list(@Listed(LeadList) query: ListQuery): Promise<Page<ListedLeadView>> {
    return this.queries.list(query);
  }

  @Post('search')
  @EvenSuspended()
  @HttpCode(200)
  @Allow(LeadPermissions.read)
  @ApiOperation({ summary: 'Search leads by a tree of conditions' })
  @ApiSearch(LeadList, ListedLeadView)
  search(@Searched(LeadList) query: ListQuery): Promise<Page<ListedLeadView>> {
    return this.queries.list(query);
  }

  @Get('trash')
  @Allow(LeadPermissions.delete)
  @ApiOperation({ summary: 'List the leads in the trash' })
  @ApiList(TrashList, TrashedLeadView)
  trashed(@Listed(TrashList) query: ListQuery): Promise<Page<TrashedLeadView>> {
    return this.queries.trash(query);
  }

  @Get(':id')
  @Allow(LeadPermissions.read)
  @ApiOperation({ summary: 'Read a lead' })
  view(@Param('id', UuidPipe) id: string): Promise<LeadView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(LeadPermissions.create)
  @ApiOperation({
    summary: 'Write down a lead',
    description: `Nobody's and new, unless an owner is named. Programs create leads with a service token.
403 \`out_of_reach\` for another owner than oneself; 422 \`owner_unknown\`, \`team_unknown\`.`,
  })
  create(@Body() lead: CreateLeadDto): Promise<LeadView> {
    return this.leads.begin(lead).then(toView);
  }

  @Put(':id')
  @Allow(LeadPermissions.update)
  @ApiOperation({ summary: 'Replace what is known of a lead', description: REFUSALS })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() to: ReplaceLeadDto,
    @IfMatch() version?: number,
  ): Promise<LeadView> {
    return this.leads.replace(id, to, version).then(toView);
  }

  @Patch(':id')
  @Allow(LeadPermissions.update)
  @ApiOperation({ summary: 'Change what is known of a lead', description: REFUSALS })
  edit(@Param('id', UuidPipe) id: string, @Body() to: EditLeadDto, @IfMatch() version?: number): Promise<LeadView> {
    return this.leads.edit(id, to, version).then(toView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(LeadPermissions.delete)
  @ApiOperation({ summary: 'Move a lead to the trash' })
  trash(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.leads.trash(id, version);
  }
}
