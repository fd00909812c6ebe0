import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RecurrencesService } from '../recurrences/recurrences.service.js';
import { Task } from '../tasks/task.entity.js';
import { type MilestoneDraft, type NewProject, Project, type ProjectDocument } from './project.entity.js';
import { OwnerUnavailable, ProjectCustomerNotFound, ProjectTeamNotFound, TasksOpen } from './project.errors.js';
import { ProjectPeople } from './project-people.js';
import { isClosed, ProjectPermissions, type ProjectStatus } from './project.policy.js';
import { ProjectReach } from './project.reach.js';

@Injectable()
export class ProjectsService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly people: ProjectPeople,
    private readonly reach: ProjectReach,
    private readonly recurrences: RecurrencesService,
  ) {}

  /** Of the only team of whoever creates it, unless the card names another. @throws ProjectCustomerNotFound, OwnerUnavailable, MemberUnavailable */
  async create(card: NewProject): Promise<Project> {
    const { id, teams } = currentActor();
    const onlyTeam = teams.length === 1 ? teams[0] : null;
    await this.people.assertNamed(card);
    for (const userId of card.members ?? []) await this.people.assertMember(userId);
    const teamId = card.teamId === undefined ? onlyTeam : card.teamId;
    return this.db.create(Project.create({ ...card, teamId }, id)).catch(explain);
  }

  amend(id: string, to: Partial<ProjectDocument>, version?: number): Promise<Project> {
    return this.change(id, version, async (project) => {
      await this.people.assertNamed(to, project);
      project.amend(to);
    });
  }

  /** Over only with all tasks done, unless `force` calls the open ones off. @throws InvalidTransition, TasksOpen */
  moveTo(id: string, status: ProjectStatus, force: boolean, version?: number): Promise<Project> {
    return this.change(id, version, async (project, now) => {
      project.moveTo(status, now);
      if (isClosed(status)) await this.closeTasks(id, force, now);
    });
  }

  /** @throws MemberUnavailable, TooManyMembers */
  enrol(id: string, userId: string, version?: number): Promise<Project> {
    return this.change(id, version, async (project) => {
      await this.people.assertMember(userId);
      project.enrol(userId);
    });
  }

  dismiss(id: string, userId: string, version?: number): Promise<Project> {
    return this.change(id, version, (project) => project.dismiss(userId));
  }

  addMilestone(id: string, draft: MilestoneDraft, version?: number): Promise<Project> {
    return this.change(id, version, (project) => project.addMilestone(draft));
  }

  changeMilestone(id: string, milestoneId: string, draft: MilestoneDraft, version?: number): Promise<Project> {
    return this.change(id, version, (project) => project.changeMilestone(milestoneId, draft));
  }

  removeMilestone(id: string, milestoneId: string, version?: number): Promise<Project> {
    return this.change(id, version, (project) => project.removeMilestone(milestoneId));
  }

  /** In the open transaction; nothing in it comes again. */
  private async closeTasks(projectId: string, force: boolean, now: Date): Promise<void> {
    const open = await this.db.query<{ id: string }>(
      `select id from tasks where tenant_id = $1 and project_id = $2 and deleted_at is null
         and status not in ('done', 'cancelled') order by id for update`,
      [currentTenantId(), projectId],
    );
    if (open.length && !force) throw new TasksOpen(open.length);
    await this.recurrences.endAllOf(projectId, now);
    for (const { id } of open) await this.db.change(Task, id, undefined, (task) => task.moveTo('cancelled', null, now));
  }

  private async change(
    id: string,
    version: number | undefined,
    verb: (project: Project, now: Date) => unknown,
  ): Promise<Project> {
    await this.reach.assertWithin(currentActor(), ProjectPermissions.update, id);
    return this.db.transaction(async () => {
      const project = await this.db.lock(Project, id, version);
      await verb(project, this.clock.now());
      return this.db.save(project).catch(explain);
    });
  }
}

/** What PostgreSQL refused, in the words of the domain. */
function explain(error: unknown): never {
  if (!isDatabaseFault(error)) throw error;
  switch (error.constraint) {
    case 'projects_team_exists':
      throw new ProjectTeamNotFound();
    case 'projects_owner_exists':
      throw new OwnerUnavailable();
    case 'projects_customer':
      throw new ProjectCustomerNotFound();
    default:
      throw error;
  }
}
