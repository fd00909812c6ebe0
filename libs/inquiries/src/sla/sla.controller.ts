import { Allow, ApiList, ApiPage, Database, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { SlaPolicyPermissions } from './sla.policy.js';
import { SlaPolicyList, SlaQueries } from './sla.queries.js';
import {
  EditSlaPolicyDto,
  InquiryClockView,
  SlaPolicyDto,
  SlaPolicyView,
  toDocument,
  toPolicyView,
} from './sla-policies.dto.js';
import { SlaPoliciesService } from './sla-policies.service.js';
import { SlaPolicy } from './sla-policy.entity.js';

@Controller('sla-policies')
@ApiTags('inquiries')
export class SlaPoliciesController {
  constructor(
    private readonly policies: SlaPoliciesService,
    private readonly queries: SlaQueries,
    private readonly db: Database,
  ) {}

  @Get()
  @Allow(SlaPolicyPermissions.read)
  @ApiOperation({
    summary: 'List what is promised',
    description: 'In the order in which it is looked through: the first that fits an inquiry counts.',
  })
  @ApiList(SlaPolicyList, SlaPolicyView)
  list(@Listed(SlaPolicyList) query: ListQuery): Promise<Page<SlaPolicyView>> {
    return this.queries.policies(query);
  }

  @Get(':id')
  @Allow(SlaPolicyPermissions.read)
  @ApiOperation({ summary: 'Read a policy' })
  view(@Param('id', UuidPipe) id: string): Promise<SlaPolicyView> {
    return this.db.get(SlaPolicy, id).then(toPolicyView);
  }

  @Post()
  @Allow(SlaPolicyPermissions.manage)
  @ApiOperation({ summary: 'Promise something to some inquiries' })
  create(@Body() policy: SlaPolicyDto): Promise<SlaPolicyView> {
    return this.policies.create(toDocument(policy)).then(toPolicyView);
  }

  @Put(':id')
  @Allow(SlaPolicyPermissions.manage)
  @ApiOperation({ summary: 'Replace a policy; open deadlines follow' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() to: SlaPolicyDto,
    @IfMatch() version?: number,
  ): Promise<SlaPolicyView> {
    return this.policies.edit(id, toDocument(to), version).then(toPolicyView);
  }

  @Patch(':id')
  @Allow(SlaPolicyPermissions.manage)
  @ApiOperation({ summary: 'Change a policy; open deadlines follow' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() to: EditSlaPolicyDto,
    @IfMatch() version?: number,
  ): Promise<SlaPolicyView> {
    return this.policies.edit(id, to, version).then(toPolicyView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(SlaPolicyPermissions.manage)
  @ApiOperation({ summary: 'Remove a policy; the next that fits takes over its inquiries' })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.policies.remove(id, version);
  }
}

@Controller('inquiries/:id/sla')
@ApiTags('inquiries')
export class InquirySlaController {
  constructor(private readonly queries: SlaQueries) {}

  @Get()
  @Allow(InquiryPermissions.read)
  @ApiOperation({ summary: 'What was promised on an inquiry, and how it stands' })
  @ApiPage(InquiryClockView)
  show(@Param('id', UuidPipe) id: string): Promise<Page<InquiryClockView>> {
    return this.queries.clocksOf(id);
  }
}
