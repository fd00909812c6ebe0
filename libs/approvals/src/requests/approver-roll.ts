import { AuthFacade } from '@app/auth';
import { type Actor, grantsOf } from '@app/kernel';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ApproverUnknown } from '../policies/approval-policy.errors.js';
import type { Approvers } from '../policies/stage.js';
import { ApprovalPermissions } from './approval.policy.js';
import { isAbleTo, mayDecide, placesOf, WAITS_FOR_PLACE } from './called-upon.js';

export type Addressee = { readonly id: string; readonly name: string; readonly email: string };

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

  /**
   * Of these people those who may come in, and they stay so until the open transaction ends: whoever deactivates one waits
   * for it, and what follows from the deactivation then finds what it wrote.
   */
  async hold(ids: readonly string[]): Promise<Set<string>> {
    const sql = `select id from users where tenant_id = $1 and id = any ($2::uuid[]) and status = 'active' order by id for share`;
    const rows = ids.length ? await this.db.query<{ id: string }>(sql, [currentTenantId(), ids]) : [];
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Whether this person may decide at all at this very moment: who waited for a request that another held may have lost the
   * permission meanwhile. Who is no user is what the guard says.
   */
  async isStillApprover(id: string): Promise<boolean> {
    const sql = `select u.status = 'active' and exists (select 1 from user_roles h
          join roles o on o.tenant_id = h.tenant_id and o.id = h.role_id
        where h.tenant_id = u.tenant_id and h.user_id = u.id and o.grants && $3::text[]) as may
      from users u where u.tenant_id = $1 and u.id = $2`;
    const grants = grantsOf(ApprovalPermissions.decide);
    return (await this.db.one<{ may: boolean }>(sql, [currentTenantId(), id, grants]))?.may ?? true;
  }

  /** Of these actors the people behind those that are service tokens: whoever made one answers for what it wrote. */
  async makersOf(actors: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      'select created_by as id from service_tokens where tenant_id = $1 and id = any ($2::uuid[])',
      [currentTenantId(), actors],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * How many people could decide on it now, each from their own place, counted up to `most`. These are held as by `hold`:
   * whoever of them leaves does so after the request is written, and is missed there.
   */
  async holdAble(requestId: string, most: number): Promise<number> {
    const sql = `select u.id from approval_requests r join users u on u.tenant_id = r.tenant_id
      where r.tenant_id = $1 and r.id = $2 and ${isAbleTo()} order by u.id limit $3 for share of u`;
    return (await this.db.query(sql, [currentTenantId(), requestId, most])).length;
  }

  /** Who could decide on it now, also in the place of who is absent; up to `most` of them, or this one alone. */
  ableTo(requestId: string, now: Date, most: number, userId: string | null = null): Promise<Addressee[]> {
    const sql = `select u.id, u.email, coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name
      from approval_requests r join users u on u.tenant_id = r.tenant_id
      where r.tenant_id = $1 and r.id = $2 and ($5::uuid is null or u.id = $5) and ${isAbleTo('$3::timestamptz')}
      order by u.id limit $4`;
    return this.db.query<Addressee>(sql, [currentTenantId(), requestId, now, most, userId]);
  }

  /** Of these people and the holders of these roles who could decide on it if it waited for them. */
  async couldDecide(requestId: string, users: readonly string[], roles: readonly string[]): Promise<string[]> {
    const sql = `select u.id from approval_requests r join users u on u.tenant_id = r.tenant_id
      where r.tenant_id = $1 and r.id = $2 and (u.id = any ($3::uuid[]) or exists (select 1 from user_roles h
          where h.tenant_id = u.tenant_id and h.user_id = u.id and h.role_id = any ($4::uuid[])))
        and u.id <> all (r.excluded) and u.id <> all (r.decided) and ${mayDecide('u.id')} order by u.id`;
    const rows = await this.db.query<{ id: string }>(sql, [currentTenantId(), requestId, users, roles]);
    return rows.map(({ id }) => id);
  }

  /** The place that this person decides from at the stage that a request is at, their own before another's. */
  async placeOf(actor: Actor, requestId: string, now: Date): Promise<string | undefined> {
    const params: unknown[] = [currentTenantId(), requestId];
    const sql = `select p.id from approval_requests r cross join (${placesOf(actor, now, params)}) p
      where r.tenant_id = $1 and r.id = $2 and ${WAITS_FOR_PLACE} order by p."isOwn" desc, p.id limit 1`;
    return (await this.db.one<{ id: string }>(sql, params))?.id;
  }
}
