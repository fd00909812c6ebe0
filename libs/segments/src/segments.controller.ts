import { AudienceList } from '@app/customers';
import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SegmentPermissions } from './segment.policy.js';
import {
  AudienceFieldsView,
  EditSegmentDto,
  ListedSegmentView,
  SegmentPreviewDto,
  SegmentPreviewView,
  SegmentCustomerView,
  SegmentDto,
  SegmentView,
} from './segments.dto.js';
import { SegmentList, SegmentsQueries } from './segments.queries.js';
import { SegmentsService } from './segments.service.js';

@Controller('segments')
@ApiTags('segments')
export class SegmentsController {
  constructor(
    private readonly segments: SegmentsService,
    private readonly queries: SegmentsQueries,
  ) {}

  @Get()
  @Allow(SegmentPermissions.read)
  @ApiOperation({ summary: 'List segments' })
  @ApiList(SegmentList, ListedSegmentView)
  list(@Listed(SegmentList) query: ListQuery): Promise<Page<ListedSegmentView>> {
    return this.queries.list(query);
  }

  @Get('fields')
  @Allow(SegmentPermissions.read)
  @ApiOperation({
    summary: 'By what customers may be chosen',
    description:
      'The fields of all contexts that you may read: `deals.openCount` is there for whom may read deals. The fields that your company added are `cf.<key>` of customers, and `deals.cf.<key>` for those who have such a deal; archived ones are not there, nor personal ones for whom may not see these.',
  })
  fields(): Promise<AudienceFieldsView> {
    return this.queries.fields().then((data) => ({ data }));
  }

  @Post('preview')
  @HttpCode(200)
  @Allow(SegmentPermissions.read)
  @ApiOperation({
    summary: 'See whom a condition would choose',
    description: 'How many of those whom you may read, up to 10,000, and some of them. Nothing is saved.',
  })
  preview(@Body() { condition }: SegmentPreviewDto): Promise<SegmentPreviewView> {
    return this.queries.preview(condition);
  }

  @Get(':id')
  @Allow(SegmentPermissions.read)
  @ApiOperation({ summary: 'Read a segment' })
  view(@Param('id', UuidPipe) id: string): Promise<SegmentView> {
    return this.queries.view(id);
  }

  @Get(':id/customers')
  @Allow(SegmentPermissions.read)
  @ApiOperation({
    summary: 'List who belongs to a segment now',
    description:
      "Of those whom you may read, by the days of your tenant's zone. 403 `segment_out_of_reach` with the `fields` that tell of what you may not read; 400 `segment_unusable` where a custom field is archived, of another type, or not for you.",
  })
  @ApiList(AudienceList, SegmentCustomerView)
  customers(
    @Param('id', UuidPipe) id: string,
    @Listed(AudienceList) query: ListQuery,
  ): Promise<Page<SegmentCustomerView>> {
    return this.queries.customers(id, query);
  }

  @Post()
  @Allow(SegmentPermissions.manage)
  @ApiOperation({ summary: 'Save a segment', description: '409 `segment_name_taken`.' })
  create(@Body() segment: SegmentDto): Promise<SegmentView> {
    return this.segments.create(segment).then((made) => this.queries.told(made));
  }

  @Patch(':id')
  @Allow(SegmentPermissions.manage)
  @ApiOperation({ summary: 'Change a segment', description: '409 `segment_name_taken`.' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditSegmentDto,
    @IfMatch() version?: number,
  ): Promise<SegmentView> {
    return this.segments.edit(id, to, version).then((edited) => this.queries.told(edited));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(SegmentPermissions.manage)
  @ApiOperation({ summary: 'Remove a segment' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.segments.remove(id, version);
  }
}
