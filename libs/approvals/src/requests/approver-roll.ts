import { AuthFacade } from '@app/auth';
import type { Actor } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApproverUnknown } from '../policies/approval-policy.errors.js';
import type { Approvers } from '../policies/stage.js';
import { placesOf, WAITS_FOR_PLACE } from './approval.policy.js';

/** Who the people and roles are that policies name. */
@Injectable()
export class ApproverRoll {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
  ) {}

  /** @throws ApproverUnknown for who is not there, or may not come in */
  async assertKnown(named: readonly Approvers[]): Promise<void> {
    const idsOf = (kind: Approvers['kind']): string[] => [
      ...new Set(named.flatMap((approvers) => (approvers.kind === kind ? approvers.ids : []))),
    ];
    const [users, roles] = [idsOf('users'), idsOf('role')];
    const active = (await this.auth.usersByIds(users)).filter(({ isActive }) => isActive).map(({ id }) => id);
    const existing = roles.length
      ? await this.db.query<{ id: string }>('select id from roles where tenant_id = $1 and id = any ($2::uuid[])', [
          currentTenantId(),
          roles,
        ])
      : [];
    const known = new Set([...active, ...existing.map(({ id }) => id)]);
    const unknown = [...users, ...roles].filter((id) => !known.has(id));
    if (unknown.length) throw new ApproverUnknown(unknown);
  }

  /** The place that this person decides from at the stage that a request is at, their own before another's. */
  async placeOf(actor: Actor, requestId: string, now: Date): Promise<string | undefined> {
    const params: unknown[] = [currentTenantId(), requestId];
    const sql = `select p.id from approval_requests r cross join (${placesOf(actor, now, params)}) p
      where r.tenant_id = $1 and r.id = $2 and ${WAITS_FOR_PLACE} order by p."isOwn" desc, p.id limit 1`;
    return (await this.db.one<{ id: string }>(sql, params))?.id;
  }
}
