import { declaredPermissions, type Permission } from '@app/kernel';
import { currentActor, Database, type Route, RouteCatalogue, STEP_UP_SECONDS } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { OthersNotExplained, PermissionUnknown } from './authz.errors.js';
import { AuthzPermissions } from './authz.policy.js';
import type { Overseen } from './oversight.queries.js';
import { type RecordReach, RecordReachQueries } from './record-reach.queries.js';
import { type Subject, SubjectsQueries } from './subjects.queries.js';
import { grantOf, type Refusal, refusalsOf } from './verdict.js';

export type Question = { readonly permission: string; readonly record?: string; readonly user?: string };
export type Explanation = {
  readonly permission: Permission;
  readonly subject: Subject;
  readonly tenant: { readonly id: string; readonly status: string };
  /** The widest grant by which it is held. */
  readonly grant: string | undefined;
  readonly record: RecordReach | undefined;
  /** The teams that the record is reached through alone, since the subject leads one above. */
  readonly through: readonly Overseen[];
  readonly refusals: readonly Refusal[];
  readonly routes: readonly Route[];
  /** Until when the session's proof opens what asks for a fresh one. */
  readonly provenUntil: Date | null;
};

/** Why somebody may or may not do something: put together from what decides it, nothing decided anew. */
@Injectable()
export class Explanations {
  constructor(
    private readonly db: Database,
    private readonly routes: RouteCatalogue,
    private readonly subjects: SubjectsQueries,
    private readonly reach: RecordReachQueries,
  ) {}

  /**
   * Everybody asks of themselves; of others who may.
   * @throws OthersNotExplained, PermissionUnknown, RecordKindUnknown, PermissionOfOtherRecords, RecordNotFound for a user
   */
  async explain({ permission: name, record, user }: Question): Promise<Explanation> {
    const asker = currentActor();
    const isOwn = user === undefined || user === asker.id;
    if (!isOwn && !asker.can(AuthzPermissions.explain)) throw new OthersNotExplained();
    const permission = declaredPermissions().get(name);
    if (!permission) throw new PermissionUnknown(name);
    const subject = isOwn ? await this.subjects.self() : await this.subjects.user(user);
    const reached = record ? await this.reach.reach(record, permission, subject.actor, asker) : undefined;
    const through = record && reached?.isReached ? await this.reach.overseenIn(record, permission, subject.actor) : [];
    return {
      ...(await this.judge(permission, subject, reached)),
      through: subject.oversees.filter(({ id }) => through.includes(id)),
    };
  }

  private async judge(
    permission: Permission,
    subject: Subject,
    record: RecordReach | undefined,
  ): Promise<Omit<Explanation, 'through'>> {
    const { actor, session, isActive } = subject;
    const routes = this.routes.all().filter((route) => opens(route, permission));
    const tenant = await this.tenant(actor.tenantId);
    const refusals = refusalsOf({
      permission,
      isActive,
      isTenantSuspended: tenant.status !== 'active',
      isForReading: routes.some(({ method }) => method === 'GET'),
      restriction: session?.restriction ?? null,
      isHeld: actor.can(permission),
      record,
    });
    const proven = session?.provenAt ? new Date(session.provenAt).getTime() : undefined;
    const provenUntil = proven === undefined ? null : new Date(proven + STEP_UP_SECONDS * 1000);
    return {
      permission,
      subject,
      tenant,
      grant: grantOf(actor.grants, permission),
      record,
      refusals,
      routes,
      provenUntil,
    };
  }

  private async tenant(id: string): Promise<Explanation['tenant']> {
    const found = await this.db.one<{ status: string }>('select status from tenants where id = app_tenant()');
    return { id, status: found?.status ?? 'active' };
  }
}

const opens = ({ access }: Route, permission: Permission): boolean =>
  access?.kind === 'permission' && [access.permission, ...access.orElse].includes(permission);
