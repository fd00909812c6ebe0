import type { Actor } from '@app/kernel';
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
import { ApprovalPermissions } from '../requests/approval.policy.js';
import type { ApprovalDelegationView } from './approval-delegations.dto.js';

const COLUMNS: Readonly<Record<keyof ApprovalDelegationView, string>> = {
  id: 'd.id',
  userId: 'd.user_id',
  toUserId: 'd.delegate_id',
  from: 'd.from_at',
  until: 'd.until_at',
  createdBy: 'd.created_by',
  revokedAt: 'd.revoked_at',
  version: 'd.version',
  createdAt: 'd.created_at',
};

export const ApprovalDelegationList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'd.id' },
    userId: { type: 'id', column: 'd.user_id' },
    toUserId: { type: 'id', column: 'd.delegate_id' },
    from: { type: 'instant', column: 'd.from_at', sortable: true },
    until: { type: 'instant', column: 'd.until_at' },
    revokedAt: { type: 'instant', column: 'd.revoked_at', nullable: true },
  }),
  defaultSort: '-from',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ApprovalDelegationsQueries {
  constructor(private readonly db: Database) {}

  /** Those of the reader's place and those the reader stands in for; all of them with the permission to manage. */
  list(actor: Actor, query: ListQuery): Promise<Page<ApprovalDelegationView>> {
    const params: unknown[] = [currentTenantId()];
    const mine = (): string => {
      const me = `$${params.push(actor.id)}::uuid`;
      return `(d.user_id = ${me} or d.delegate_id = ${me})`;
    };
    const reach = actor.can(ApprovalPermissions.manage) ? 'true' : mine();
    return readPage<ApprovalDelegationView>(this.db, {
      select: COLUMNS,
      from: 'approval_delegations d',
      where: `d.tenant_id = $1 and ${reach}`,
      params,
      query,
      spec: ApprovalDelegationList,
    });
  }
}
