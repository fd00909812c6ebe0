import { Actor } from '@app/kernel';
import { Authenticator, currentActor, Database, RecordNotFound, type Standing } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Overseen, OversightQueries } from './oversight.queries.js';

export type SubjectRole = {
  readonly id: string;
  readonly name: string;
  readonly grants: string[];
  readonly mfaRequired: boolean;
};
/** Whom a question is about, as they stand at the moment. */
export type Subject = {
  readonly actor: Actor;
  readonly isActive: boolean;
  readonly roles: readonly SubjectRole[];
  /** What they reach beside their own teams, since they lead one above. */
  readonly oversees: readonly Overseen[];
  /** Of one's own session, or of the last one that is open; null without one. */
  readonly session: Pick<Standing, 'restriction' | 'provenAt'> | null;
};

type UserRow = {
  name: string;
  isActive: boolean;
  roles: SubjectRole[];
  teams: string[];
  reachedTeams: string[];
  sessionId: string | null;
};

const USER = `select coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email) as name, u.status = 'active' as "isActive",
    (select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name, 'grants', r.grants, 'mfaRequired', r.mfa_required) order by r.name), '[]')
      from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
      where ur.tenant_id = u.tenant_id and ur.user_id = u.id) as roles,
    array(select m.team_id from team_members m where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as teams,
    reached_teams(u.tenant_id, u.id) as "reachedTeams",
    (select s.id from sessions s where s.tenant_id = u.tenant_id and s.user_id = u.id and s.revoked_at is null
      order by s.last_used_at desc limit 1) as "sessionId"
  from users u where u.tenant_id = app_tenant() and u.id = $1`;

@Injectable()
export class SubjectsQueries {
  constructor(
    private readonly db: Database,
    private readonly authenticator: Authenticator,
    private readonly oversight: OversightQueries,
  ) {}

  /** Whoever asks: what counts is what their token may at the moment, a service token's own grants among it. */
  async self(): Promise<Subject> {
    const actor = currentActor();
    if (actor.kind !== 'user') return { actor, isActive: true, roles: [], oversees: [], session: null };
    return this.user(actor.id, actor.sessionId);
  }

  /** @throws RecordNotFound */
  async user(id: string, ownSession: string | null = null): Promise<Subject> {
    const row = await this.db.one<UserRow>(USER, [id]);
    if (!row) throw new RecordNotFound('user', id);
    const { tenantId } = currentActor();
    const grants = new Set(row.roles.flatMap((role) => role.grants));
    const actor = new Actor(id, tenantId, row.name, grants, row.teams, 'user', null, row);
    const sessionId = ownSession ?? row.sessionId;
    const standing =
      sessionId && (await this.authenticator.stand({ kind: 'session', tenantId, id: sessionId, subject: id }));
    const session = standing ? { restriction: standing.restriction, provenAt: standing.provenAt } : null;
    const oversees = row.reachedTeams.length > row.teams.length ? await this.oversight.of(id) : [];
    return { actor, isActive: row.isActive, roles: row.roles, oversees, session };
  }
}
