import { Clock, type PayloadOf } from '@app/kernel';
import { Database, Handles, On, Standings } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DeleteTenant, PurgeSessions } from './auth.jobs.js';
import {
  RoleChanged,
  ServiceTokenRevoked,
  SessionsRevoked,
  TeamChanged,
  TeamMoved,
  TenantClosing,
  TenantLocked,
  TenantSuspended,
  UserDeactivated,
  UserRolesChanged,
} from './events.js';
import { SessionsService } from './sessions/sessions.service.js';
import { TeamsService } from './teams/teams.service.js';
import { TenantDeletion } from './tenants/tenant-deletion.service.js';
import { SuspensionService } from './tenants/suspension.service.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;

/**
 * Clears cached standings once more after each commit: the request that revoked may have died before it could, and another
 * may have cached what was true until then.
 */
@Injectable()
export class AuthWorker {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly standings: Standings,
    private readonly sessions: SessionsService,
    private readonly teams: TeamsService,
    private readonly suspension: SuspensionService,
    private readonly deletion: TenantDeletion,
  ) {}

  @On(SessionsRevoked)
  forgetSessions({ sessionIds }: PayloadOf<typeof SessionsRevoked>): Promise<void> {
    return this.standings.forget(sessionIds);
  }

  @On(ServiceTokenRevoked)
  forgetServiceToken({ tokenId }: PayloadOf<typeof ServiceTokenRevoked>): Promise<void> {
    return this.standings.forget([tokenId]);
  }

  @On(UserRolesChanged)
  reconsiderUser({ userId }: PayloadOf<typeof UserRolesChanged>): Promise<void> {
    return this.sessions.reconsider([userId]);
  }

  @On(UserDeactivated)
  forgetUser({ userId }: PayloadOf<typeof UserDeactivated>): Promise<void> {
    return this.sessions.reconsider([userId]);
  }

  @On(RoleChanged)
  reconsiderRole({ roleId }: PayloadOf<typeof RoleChanged>): Promise<void> {
    return this.reconsider('select user_id from user_roles where role_id = $1', roleId);
  }

  @On(TeamChanged)
  reconsiderTeam({ teamId }: PayloadOf<typeof TeamChanged>): Promise<void> {
    return this.reconsider('select user_id from team_members where team_id = $1', teamId);
  }

  @On(TeamMoved)
  reconsiderLeads({ from, to }: PayloadOf<typeof TeamMoved>): Promise<void> {
    return this.teams.reconsiderAbove(from, to);
  }

  @On(TenantSuspended, { evenSuspended: true })
  forgetTenant(_: PayloadOf<typeof TenantSuspended>): Promise<void> {
    return this.suspension.forgetEverybody();
  }

  @On(TenantLocked, { evenSuspended: true })
  forgetLockedTenant(_: PayloadOf<typeof TenantLocked>): Promise<void> {
    return this.suspension.forgetEverybody();
  }

  @On(TenantClosing, { evenSuspended: true })
  planDeletion({ deleteAt }: PayloadOf<typeof TenantClosing>): Promise<void> {
    return this.deletion.plan(deleteAt);
  }

  @Handles(DeleteTenant, { mode: 'effect', evenSuspended: true, timeoutSeconds: 3600 })
  deleteTenant({ deleteAt }: PayloadOf<typeof DeleteTenant>): Promise<void> {
    return this.deletion.delete(deleteAt);
  }

  @Handles(PurgeSessions)
  async purge(_: PayloadOf<typeof PurgeSessions>): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * DAY_MS);
    await this.db.query('delete from password_resets where expires_at < $1', [before]);
    await this.db.query('delete from mfa_challenges where expires_at < $1', [before]);
    await this.db.query('delete from passkey_enrolments where expires_at < $1', [before]);
    await this.db.query('delete from sso_attempts where expires_at < $1', [before]);
    await this.db.query('select login_throttle_purge($1)', [this.clock.now()]);
  }

  private async reconsider(who: string, id: string): Promise<void> {
    const rows = await this.db.query<{ user_id: string }>(who, [id]);
    await this.sessions.reconsider(rows.map(({ user_id: userId }) => userId));
  }
}
