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
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  EditInquiryDto,
  InquiryView,
  ListedInquiryView,
  RecordInquiryDto,
  ReplaceInquiryDto,
  toView,
} from './inquiries.dto.js';
import { InquiryList } from './inquiries.list.js';
import { InquiriesQueries } from './inquiries.queries.js';
import { InquiriesService } from './inquiries.service.js';
import { InquiryPermissions } from './inquiry.policy.js';

@Controller('inquiries')
@ApiTags('inquiries')
export class InquiriesController {
  constructor(
    private readonly inquiries: InquiriesService,
    private readonly queries: InquiriesQueries,
  ) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'List inquiries' })
  @ApiList(InquiryList, ListedInquiryView)
  list(@Listed(InquiryList) query: ListQuery): Promise<Page<ListedInquiryView>> {
    return this.queries.list(query);
  }

  @Post('search')
  @EvenSuspended()
  @HttpCode(200)
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Search inquiries by a tree of conditions' })
  @ApiSearch(InquiryList, ListedInquiryView)
  search(@Searched(InquiryList) query: ListQuery): Promise<Page<ListedInquiryView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'Read an inquiry' })
  view(@Param('id', UuidPipe) id: string): Promise<InquiryView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(InquiryPermissions.create)
  @ApiOperation({
    summary: 'Record what a customer asked',
    description: 'By telephone, at the counter or elsewhere; what comes by mail is recorded by itself.',
  })
  record(@Body() inquiry: RecordInquiryDto): Promise<InquiryView> {
    return this.inquiries.record(inquiry).then(toView);
  }

  @Put(':id')
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Replace subject, priority, category and channel' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() to: ReplaceInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.inquiries.replace(id, to, version).then(toView);
  }

  @Patch(':id')
  @Allow(InquiryPermissions.update)
  @ApiOperation({ summary: 'Change subject, priority, category or channel' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditInquiryDto,
    @IfMatch() version?: number,
  ): Promise<InquiryView> {
    return this.inquiries.edit(id, to, version).then(toView);
  }
}
