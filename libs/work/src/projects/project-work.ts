import { Clock } from '@app/kernel';
import { currentActor, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Project } from './project.entity.js';
import { OwnerUnavailable, ProjectCustomerNotFound, ProjectTeamNotFound } from './project.errors.js';
import { ProjectPermissions } from './project.policy.js';
import { ProjectReach } from './project.reach.js';

/** One piece of work on one project: may I, hold it, do it, write it. */
@Injectable()
export class ProjectWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: ProjectReach,
  ) {}

  /** @throws ProjectTeamNotFound, OwnerUnavailable, ProjectCustomerNotFound */
  begin(project: Project): Promise<Project> {
    return this.db.create(project).catch(explain);
  }

  /** @throws RecordNotFound, VersionConflict, and as `begin` */
  async do(id: string, version: number | undefined, verb: (project: Project, now: Date) => unknown): Promise<Project> {
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
