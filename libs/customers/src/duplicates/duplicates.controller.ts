import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CustomerPermissions } from '../customer.policy.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicateScans } from './duplicate-scans.service.js';
import {
  DuplicateRulesDto,
  DuplicateRulesView,
  DuplicateScanView,
  DuplicateView,
  toRules,
  toRulesView,
  toScanView,
} from './duplicates.dto.js';
import { DuplicateList, DuplicatesQueries } from './duplicates.queries.js';
import { DuplicatesService } from './duplicates.service.js';

@ApiTags('customers')
@Controller('customers/duplicates')
export class DuplicatesController {
  constructor(
    private readonly duplicates: DuplicatesService,
    private readonly queries: DuplicatesQueries,
    private readonly scans: DuplicateScans,
    private readonly rules: DuplicateRulesService,
  ) {}

  @Get()
  @Allow(CustomerPermissions.merge)
  @ApiList(DuplicateList, DuplicateView)
  @ApiOperation({
    summary: 'List customers who are probably one person',
    description:
      'Pairs of which you may see both, the likest first, each with what they have in common: the same address but for a ' +
      'label (`+shop`) or Gmail’s dots, the same number, a similar name, and with it a similar company.',
  })
  list(@Listed(DuplicateList) query: ListQuery): Promise<Page<DuplicateView>> {
    return this.queries.list(query);
  }

  @Get('rules')
  @Allow(CustomerPermissions.merge)
  @ApiOperation({ summary: 'Read what counts as a duplicate' })
  showRules(): Promise<DuplicateRulesView> {
    return this.rules.current().then(toRulesView);
  }

  @Put('rules')
  @Allow(CustomerPermissions.merge)
  @ApiOperation({
    summary: 'Say what counts as a duplicate',
    description:
      'From which score on, and what becomes of a new customer who is one: in force within a second. Pairs follow with the next scan.',
  })
  setRules(@Body() body: DuplicateRulesDto, @IfMatch() version?: number): Promise<DuplicateRulesView> {
    return this.rules.replace(toRules(body), version).then(toRulesView);
  }

  @Post('scan')
  @HttpCode(202)
  @Allow(CustomerPermissions.merge)
  @ApiAcceptedResponse({ type: DuplicateScanView, headers: { Location: { $ref: '#/components/headers/Location' } } })
  @ApiOperation({
    summary: 'Look through all customers for duplicates',
    description: 'In the background; `Location` tells how far it is. While one runs, it is the answer.',
  })
  async scan(@Res({ passthrough: true }) reply: FastifyReply): Promise<DuplicateScanView> {
    const scan = await this.scans.start();
    void reply.header('location', `/api/v1/customers/duplicates/scans/${scan.id}`);
    return toScanView(scan);
  }

  @Get('scans/:id')
  @Allow(CustomerPermissions.merge)
  @ApiOperation({ summary: 'How far a look for duplicates is' })
  showScan(@Param('id', UuidPipe) id: string): Promise<DuplicateScanView> {
    return this.queries.scan(id);
  }

  @Get(':id')
  @Allow(CustomerPermissions.merge)
  @ApiOperation({ summary: 'One pair of customers who are probably one person' })
  get(@Param('id', UuidPipe) id: string): Promise<DuplicateView> {
    return this.queries.view(id);
  }

  @Post(':id/dismiss')
  @HttpCode(200)
  @Allow(CustomerPermissions.merge)
  @ApiOperation({
    summary: 'Say that the two are two people',
    description: 'They stay so, whatever a later scan finds.',
  })
  async dismiss(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<DuplicateView> {
    await this.duplicates.dismiss(id, version);
    return this.queries.view(id);
  }
}
