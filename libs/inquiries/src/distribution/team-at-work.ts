import { AuthFacade } from '@app/auth';
import { CalendarsFacade } from '@app/calendars';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { DistributionRule } from './distribution-rule.entity.js';
import type { Candidate } from './distribution.policy.js';

type Load = { readonly userId: string; readonly open: number; readonly lastGivenAt: Date | null };

/** The people of a team as a distribution finds them. */
@Injectable()
export class TeamAtWork {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
    private readonly calendars: CalendarsFacade,
  ) {}

  async of({ id: teamId, capacity, members }: DistributionRule): Promise<Candidate[]> {
    const team = await this.auth.membersOf(teamId);
    const loads = await this.loadsOf(
      teamId,
      team.map(({ id }) => id),
    );
    return team.map(({ id: userId, isActive }) => {
      const named = members.find((member) => member.userId === userId);
      const load = loads.get(userId);
      return {
        ...{ userId, isActive, isAway: named?.isAway ?? false, skills: named?.skills ?? [] },
        ...{ open: load?.open ?? 0, lastGivenAt: load?.lastGivenAt ?? null, capacity: named?.capacity ?? capacity },
      };
    });
  }

  async isOpen({ id, keepsHours }: DistributionRule, at: Date): Promise<boolean> {
    return !keepsHours || (await this.calendars.hoursForTeam(id)).isOpen(at);
  }

  async opening({ id }: DistributionRule, at: Date): Promise<Date> {
    return (await this.calendars.hoursForTeam(id)).nextOpening(at);
  }

  private async loadsOf(teamId: string, userIds: readonly string[]): Promise<Map<string, Load>> {
    const rows = await this.db.query<Load>(
      `select u.id as "userId",
         (select count(*)::int from inquiries i where i.tenant_id = $1 and i.assigned_to = u.id and i.deleted_at is null
            and i.status in ('new', 'open')) as open,
         (select max(d.at) from distributions d where d.tenant_id = $1 and d.team_id = $2 and d.assigned_to = u.id) as "lastGivenAt"
       from unnest($3::uuid[]) u(id)`,
      [currentTenantId(), teamId, userIds],
    );
    return new Map(rows.map((row) => [row.userId, row]));
  }
}
