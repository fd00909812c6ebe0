import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  Ports,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApprovalSubjectPort } from '../requests/approval-subject.port.js';
import { type ApprovalPolicyView, toRuleView } from './approval-policies.dto.js';
import type { ApprovalRule } from './approval-rules.js';
import { DEFAULT_POLICY } from './default-policy.js';

const VIEW: Readonly<Record<keyof ApprovalPolicyView, string>> = {
  subjectKind: 'p.subject_kind',
  name: 'p.name',
  required: 'p.required',
  allowSelfApproval: 'p.allow_self_approval',
  isActive: 'p.is_active',
  rules: 'p.rules',
  patience: 'p.patience',
  version: 'p.version',
  updatedAt: 'p.updated_at',
};
const COLUMNS = Object.entries(VIEW).map(([name, sql]) => `${sql} as "${name}"`);

// A kind without a policy of its own is shown with the default that counts for it.
const POLICIES = `(select subject_kind, name, required, allow_self_approval, is_active, rules, patience, version, updated_at
    from approval_policies where tenant_id = $1
  union all select kind, $3::text, 1, false, true, '[]'::jsonb, null, 0, null from unnest($2::text[]) kind
    where not exists (select 1 from approval_policies o where o.tenant_id = $1 and o.subject_kind = kind)) p`;

type Row = Omit<ApprovalPolicyView, 'rules'> & { readonly rules: readonly ApprovalRule[] };
const toView = ({ rules, ...row }: Row): ApprovalPolicyView => ({ ...row, rules: rules.map(toRuleView) });

export const ApprovalPolicyList: ListSpec = {
  fields: defineFields({
    id: { type: 'text', column: 'p.subject_kind', filterable: false },
    subjectKind: { type: 'text', column: 'p.subject_kind', sortable: true, example: 'responses.response' },
    allowSelfApproval: { type: 'boolean', column: 'p.allow_self_approval' },
    isActive: { type: 'boolean', column: 'p.is_active' },
  }),
  defaultSort: 'subjectKind',
  outputs: Object.keys(VIEW),
};

@Injectable()
export class ApprovalPoliciesQueries {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  list(query: ListQuery): Promise<Page<ApprovalPolicyView>> {
    const kinds = this.ports.all(ApprovalSubjectPort).map(({ subjectKind }) => subjectKind);
    const params = [currentTenantId(), kinds, DEFAULT_POLICY.name];
    return readPage<Row, ApprovalPolicyView>(this.db, {
      select: VIEW,
      from: POLICIES,
      params,
      query,
      spec: ApprovalPolicyList,
      map: toView,
    });
  }

  async view(subjectKind: string): Promise<ApprovalPolicyView> {
    const sql = `select ${COLUMNS.join(', ')} from ${POLICIES} where p.subject_kind = $4`;
    const params = [currentTenantId(), [subjectKind], DEFAULT_POLICY.name, subjectKind];
    const found = await this.db.one<Row>(sql, params);
    return toView(found ?? { subjectKind, ...DEFAULT_POLICY, updatedAt: null });
  }
}
