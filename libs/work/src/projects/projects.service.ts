import { currentActor, currentTenantId, Database } from '@app/platform';
import { CustomFields, type FieldMerge } from '@app/records';
import { Injectable } from '@nestjs/common';
import { RecurrencesService } from '../recurrences/recurrences.service.js';
import { Task } from '../tasks/task.entity.js';
import { type MilestoneDraft, type NewProject, Project, type ProjectDocument } from './project.entity.js';
import { TasksOpen } from './project.errors.js';
import { ProjectPeople } from './project-people.js';
import { isClosed, type ProjectStatus } from './project.policy.js';
import { ProjectWork } from './project-work.js';

@Injectable()
export class ProjectsService {
  constructor(
    private readonly db: Database,
    private readonly work: ProjectWork,
    private readonly people: ProjectPeople,
    private readonly recurrences: RecurrencesService,
    private readonly fields: CustomFields,
  ) {}

  /** Of the only team of whoever creates it, unless the card names another. @throws ProjectCustomerNotFound, OwnerUnavailable, MemberUnavailable, ValuesInvalid */
  async create({ customFields, ...card }: NewProject): Promise<Project> {
    const { id, teams } = currentActor();
    const onlyTeam = teams.length === 1 ? teams[0] : null;
    await this.people.assertNamed(card);
    for (const userId of card.members ?? []) await this.people.assertMember(userId);
    const teamId = card.teamId === undefined ? onlyTeam : card.teamId;
    return this.fields.merge('projects', customFields, 'onto', (after) =>
      this.work.begin(Project.create({ ...card, teamId, customFields: after({}) }, id)),
    );
  }

  /** What is absent stays, also of custom fields. @throws RecordNotFound, ProjectClosed, ValuesInvalid, and as `create` */
  amend(id: string, to: Partial<ProjectDocument>, version?: number): Promise<Project> {
    return this.rewrite(id, to, version, 'onto');
  }

  /** Custom fields stay where none are named: who does not know of them takes none away. @throws as `amend` */
  replace(id: string, to: Partial<ProjectDocument>, version?: number): Promise<Project> {
    return this.rewrite(id, to, version, 'insteadOf');
  }

  /** Over only with all tasks done, unless `force` calls the open ones off. @throws InvalidTransition, TasksOpen */
  moveTo(id: string, status: ProjectStatus, force: boolean, version?: number): Promise<Project> {
    return this.work.do(id, version, async (project, now) => {
      project.moveTo(status, now);
      if (isClosed(status)) await this.closeTasks(id, force, now);
    });
  }

  /** @throws MemberUnavailable, TooManyMembers */
  enrol(id: string, userId: string, version?: number): Promise<Project> {
    return this.work.do(id, version, async (project) => {
      await this.people.assertMember(userId);
      project.enrol(userId);
    });
  }

  dismiss(id: string, userId: string, version?: number): Promise<Project> {
    return this.work.do(id, version, (project) => project.dismiss(userId));
  }

  addMilestone(id: string, draft: MilestoneDraft, version?: number): Promise<Project> {
    return this.work.do(id, version, (project) => project.addMilestone(draft));
  }

  changeMilestone(id: string, milestoneId: string, draft: MilestoneDraft, version?: number): Promise<Project> {
    return this.work.do(id, version, (project) => project.changeMilestone(milestoneId, draft));
  }

  removeMilestone(id: string, milestoneId: string, version?: number): Promise<Project> {
    return this.work.do(id, version, (project) => project.removeMilestone(milestoneId));
  }

  private rewrite(
    id: string,
    { customFields, ...to }: Partial<ProjectDocument>,
    version: number | undefined,
    how: FieldMerge,
  ): Promise<Project> {
    return this.fields.merge('projects', customFields, how, (after) =>
      this.work.do(id, version, async (project) => {
        await this.people.assertNamed(to, project);
        project.amend({ ...to, customFields: after(project.customFields) });
      }),
    );
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
}
