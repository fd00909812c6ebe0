import { AuthFacade, type UserCard } from '@app/auth';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Who may give any inquiry to anybody is a manager of inquiries. */
const MANAGES = ['inquiries:assign_all'];
/** A notice to more is read by none. */
const MOST_TOLD = 5;

/** To whom an inquiry goes that is late. */
@Injectable()
export class Superiors {
  constructor(
    private readonly db: Database,
    private readonly auth: AuthFacade,
  ) {}

  async leadsOf(teamId: string | null): Promise<UserCard[]> {
    if (!teamId) return [];
    return (await this.auth.membersOf(teamId)).filter(({ isLead, isActive }) => isLead && isActive);
  }

  /** Those of the inquiry's own team, where there are such. */
  async managersFor(teamId: string | null): Promise<UserCard[]> {
    const managers = await this.auth.holdersOf(MANAGES);
    const members = teamId ? await this.auth.membersOf(teamId) : [];
    const own = managers.filter(({ id }) => members.some((member) => member.id === id));
    return own.length > 0 ? own : managers;
  }

  /** Whoever it is with, else its team's leads, else its managers. */
  async concerned(assignedTo: string | null, teamId: string | null): Promise<UserCard[]> {
    const assignee = assignedTo ? (await this.auth.usersByIds([assignedTo])).filter(({ isActive }) => isActive) : [];
    if (assignee.length > 0) return assignee;
    const leads = await this.leadsOf(teamId);
    return (leads.length > 0 ? leads : await this.managersFor(teamId)).slice(0, MOST_TOLD);
  }

  /** With the fewest unfinished inquiries; of as many, the first by id. */
  async leastBusy(people: readonly UserCard[]): Promise<UserCard | undefined> {
    const row = await this.db.one<{ id: string }>(
      `select u.id from unnest($2::uuid[]) u(id) order by (select count(*) from inquiries i where i.tenant_id = $1
         and i.assigned_to = u.id and i.deleted_at is null and i.status in ('new', 'open', 'pending_customer', 'on_hold')), u.id limit 1`,
      [currentTenantId(), people.map(({ id }) => id)],
    );
    return people.find(({ id }) => id === row?.id);
  }
}
