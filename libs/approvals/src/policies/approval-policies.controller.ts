import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page } from '@app/platform';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApprovalPermissions } from '../requests/approval.policy.js';
import { ApprovalPolicyDto, ApprovalPolicyView, toPatience, toRules } from './approval-policies.dto.js';
import { ApprovalPoliciesQueries, ApprovalPolicyList } from './approval-policies.queries.js';
import { ApprovalPoliciesService } from './approval-policies.service.js';
import { SubjectKindPipe } from './subject-kind.pipe.js';

@Controller('approval-policies')
@ApiTags('approvals')
export class ApprovalPoliciesController {
  constructor(
    private readonly policies: ApprovalPoliciesService,
    private readonly queries: ApprovalPoliciesQueries,
  ) {}

  @Get()
  @Allow(ApprovalPermissions.read)
  @ApiOperation({ summary: 'List how each kind of subject is approved' })
  @ApiList(ApprovalPolicyList, ApprovalPolicyView)
  list(@Listed(ApprovalPolicyList) query: ListQuery): Promise<Page<ApprovalPolicyView>> {
    return this.queries.list(query);
  }

  @Get(':subjectKind')
  @Allow(ApprovalPermissions.read)
  @ApiOperation({ summary: 'Read how a kind of subject is approved' })
  read(@Param('subjectKind', SubjectKindPipe) subjectKind: string): Promise<ApprovalPolicyView> {
    return this.queries.view(subjectKind);
  }

  @Put(':subjectKind')
  @Allow(ApprovalPermissions.manage)
  @ApiOperation({
    summary: 'Set how a kind of subject is approved',
    description:
      'What waits already goes on under the policy it was submitted under. Refused: `invalid_condition` for a fact that this kind does not hand over, `approval_rules_invalid` for stages that nobody could pass, `approver_unknown`.',
  })
  set(
    @Param('subjectKind', SubjectKindPipe) subjectKind: string,
    @Body() { rules, patience, ...policy }: ApprovalPolicyDto,
    @IfMatch() version?: number,
  ): Promise<ApprovalPolicyView> {
    return this.policies
      .set(subjectKind, { ...policy, rules: toRules(rules), patience: toPatience(patience) }, version)
      .then(() => this.queries.view(subjectKind));
  }
}
