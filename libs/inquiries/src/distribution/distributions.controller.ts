import { Allow, ApiList, Database, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { DistributionRule } from './distribution-rule.entity.js';
import { DistributionRulesService } from './distribution-rules.service.js';
import { AssignmentView, DistributionRuleDto, DistributionRuleView, toRule, toRuleView } from './distributions.dto.js';
import { DistributionRuleList, DistributionsQueries } from './distributions.queries.js';
import { DistributionsService } from './distributions.service.js';

@Controller('distribution-rules')
@ApiTags('inquiries')
export class DistributionRulesController {
  constructor(
    private readonly rules: DistributionRulesService,
    private readonly queries: DistributionsQueries,
    private readonly db: Database,
  ) {}

  @Get()
  @Allow(InquiryPermissions.distribute)
  @ApiOperation({ summary: 'List how teams give their inquiries to their people' })
  @ApiList(DistributionRuleList, DistributionRuleView)
  list(@Listed(DistributionRuleList) query: ListQuery): Promise<Page<DistributionRuleView>> {
    return this.queries.rules(query);
  }

  @Get(':teamId')
  @Allow(InquiryPermissions.distribute)
  @ApiOperation({ summary: 'Read how a team gives its inquiries to its people' })
  view(@Param('teamId', UuidPipe) teamId: string): Promise<DistributionRuleView> {
    return this.db.get(DistributionRule, teamId).then(toRuleView);
  }

  @Put(':teamId')
  @Allow(InquiryPermissions.distribute)
  @ApiOperation({
    summary: 'Say how a team gives its inquiries to its people',
    description: `From then on what is nobody's in the team is given to somebody by itself, the most urgent first. 422
\`member_unknown\`, \`member_named_twice\`.`,
  })
  set(
    @Param('teamId', UuidPipe) teamId: string,
    @Body() rule: DistributionRuleDto,
    @IfMatch() version?: number,
  ): Promise<DistributionRuleView> {
    return this.rules.set(teamId, toRule(rule), version).then(toRuleView);
  }

  @Delete(':teamId')
  @HttpCode(204)
  @Allow(InquiryPermissions.distribute)
  @ApiOperation({ summary: 'Let a team take its inquiries by hand again' })
  remove(@Param('teamId', UuidPipe) teamId: string, @IfMatch() version?: number): Promise<void> {
    return this.rules.remove(teamId, version);
  }
}

@Controller('inquiries/:id')
@ApiTags('inquiries')
export class DistributionsController {
  constructor(
    private readonly distributions: DistributionsService,
    private readonly queries: DistributionsQueries,
    private readonly reach: InquiryReach,
  ) {}

  @Get('assignment')
  @Allow(InquiryPermissions.read)
  @ApiOperation({
    summary: 'Read whose an inquiry is, and why',
    description:
      'Who could have had it when it was last given to somebody by itself, in which order, and why others could not.',
  })
  show(@Param('id', UuidPipe) id: string): Promise<AssignmentView> {
    return this.queries.assignmentOf(id);
  }

  @Post('distribute')
  @HttpCode(200)
  @Allow(InquiryPermissions.assign)
  @ApiOperation({
    summary: 'Give an inquiry to somebody of its team, now',
    description:
      'As the rule of the team says. Nobody may be free: then it stays nobody’s. 409 `inquiry_not_distributed`, `inquiry_merged`, `inquiry_not_workable`.',
  })
  async distribute(@Param('id', UuidPipe) id: string): Promise<AssignmentView> {
    await this.reach.assert(id, InquiryPermissions.assign);
    await this.distributions.distributeOne(id);
    return this.queries.assignmentOf(id);
  }
}
