import { type Actor, Clock, declaredPermissions, grantsOf } from '@app/kernel';
import {
  currentActor,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { toRuleViews } from '../field-rights/restrictable-fields.js';
import { UsersQueries } from '../users/users.queries.js';
import { UsersOnly } from './sessions.errors.js';
import type { MeView, PermissionsView, SessionView, TenantRef } from './sessions.dto.js';

export const SessionList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    startedAt: { type: 'instant', column: 's.started_at', sortable: true },
    lastUsedAt: { type: 'instant', column: 's.last_used_at', sortable: true },
  }),
  defaultSort: '-startedAt',
  outputs: [
    'id',
    'ip',
    'userAgent',
    'startedAt',
    'lastUsedAt',
    'expiresAt',
    'impersonatedBy',
    'impersonationReason',
    'isCurrent',
  ],
};

const IMPERSONATOR = `(select jsonb_build_object('id', i.id, 'name', coalesce(nullif(trim(i.first_name || ' ' || i.last_name), ''), i.email))
  from users i where i.tenant_id = s.tenant_id and i.id = s.impersonator_id)`;

/** Who acts, if it is a person. @throws UsersOnly */
export function currentUser(): Actor {
  const actor = currentActor();
  if (actor.kind !== 'user') throw new UsersOnly();
  return actor;
}

@Injectable()
export class SessionsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: UsersQueries,
  ) {}

  /** The open sessions of whoever asks. */
  mine(query: ListQuery): Promise<Page<SessionView>> {
    const { id, sessionId } = currentUser();
    return readPage<SessionView, SessionView>(this.db, {
      select: {
        id: 's.id',
        ip: 's.ip',
        userAgent: 's.user_agent',
        startedAt: 's.started_at',
        lastUsedAt: 's.last_used_at',
        expiresAt: 's.expires_at',
        impersonatedBy: IMPERSONATOR,
        impersonationReason: 's.impersonation_reason',
      },
      from: 'sessions s',
      where: 's.tenant_id = app_tenant() and s.user_id = $1 and s.revoked_at is null and s.expires_at > $2',
      params: [id, this.clock.now()],
      query,
      spec: SessionList,
      map: (row) => ({ ...row, isCurrent: row.id === sessionId }),
    });
  }

  async me(): Promise<MeView> {
    const { id, grants, impersonatorId } = currentUser();
    const user = await this.users.view(id);
    const tenant = await this.db.one<TenantRef>('select id, title as name, slug from tenants where id = app_tenant()');
    const by = impersonatorId && (await this.users.view(impersonatorId));
    const impersonatedBy = by ? { id: by.id, name: by.name } : null;
    return { ...user, permissions: [...grants].sort(), tenant: tenant as TenantRef, impersonatedBy };
  }

  permissions(): PermissionsView {
    const actor = currentActor();
    const catalogue = [...declaredPermissions().values()].map((permission) => ({
      name: permission.name,
      description: permission.description,
      scoped: permission.scoped,
      grants: grantsOf(permission),
      held: permission.scoped ? (actor.reach(permission) ?? null) : actor.can(permission) ? 'granted' : null,
    }));
    const fieldRights = toRuleViews(actor.fieldRights?.rules ?? {});
    return { grants: [...actor.grants].sort(), fieldRights, catalogue };
  }
}
