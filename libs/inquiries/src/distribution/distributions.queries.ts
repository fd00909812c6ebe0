import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { Distribution } from './distribution.entity.js';
import { STRATEGIES } from './distribution.policy.js';
import type { AssignmentView, DistributionRuleView } from './distributions.dto.js';

const COLUMNS = {
  teamId: 'r.id',
  strategy: 'r.strategy',
  capacity: 'r.capacity',
  needsSkill: 'r.needs_skill',
  keepsHours: 'r.keeps_hours',
  members: 'r.members',
  version: 'r.version',
  createdAt: 'r.created_at',
  updatedAt: 'r.updated_at',
} as const;

export const DistributionRuleList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id', description: 'The team' },
    strategy: { type: 'enum', column: 'r.strategy', values: STRATEGIES, example: 'round_robin' },
    createdAt: { type: 'instant', column: 'r.created_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class DistributionsQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
  ) {}

  rules(query: ListQuery): Promise<Page<DistributionRuleView>> {
    return readPage<DistributionRuleView>(this.db, {
      select: COLUMNS,
      from: 'distribution_rules r',
      where: 'r.tenant_id = $1',
      params: [currentTenantId()],
      query,
      spec: DistributionRuleList,
    });
  }

  /** Whose it is, and what was decided last. @throws RecordNotFound */
  async assignmentOf(inquiryId: string): Promise<AssignmentView> {
    await this.reach.assertReadable(inquiryId);
    const { assignedTo, teamId } = await this.db.get(Inquiry, inquiryId);
    const [last] = await this.db.findWhere(
      Distribution,
      'tenant_id = $1 and inquiry_id = $2 order by at desc, id desc limit 1',
      [currentTenantId(), inquiryId],
    );
    if (!last) return { assignedTo, teamId, distribution: null };
    const { strategy, at, candidates } = last;
    const decided = { assignedTo: last.assignedTo, teamId: last.teamId, strategy, at, candidates: [...candidates] };
    return { assignedTo, teamId, distribution: { ...decided, isCurrent: last.assignedTo === assignedTo } };
  }
}
