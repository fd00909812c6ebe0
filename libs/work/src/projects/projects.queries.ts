import { AuthFacade } from '@app/auth';
import { Clock } from '@app/kernel';
import {
  currentActor,
  currentTenantId,
  Database,
  type ListQuery,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { wallTimeAt } from '../wall-time.js';
import { healthOf, progressOf } from './project-health.js';
import { ProjectPermissions } from './project.policy.js';
import { ProjectReach } from './project.reach.js';
import type { ProjectView } from './projects.dto.js';
import { projectColumns, ProjectList, selectProject } from './projects.list.js';

type Row = Omit<ProjectView, 'progress' | 'health'>;

@Injectable()
export class ProjectsQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly reach: ProjectReach,
  ) {}

  async list(query: ListQuery): Promise<Page<ProjectView>> {
    const today = await this.today();
    const params: unknown[] = [currentTenantId()];
    const reached = this.reach.predicate(currentActor(), ProjectPermissions.read, params);
    return readPage<Row, ProjectView>(this.db, {
      select: projectColumns(),
      from: 'projects p',
      where: `p.tenant_id = $1 and (${reached})`,
      params,
      query,
      spec: ProjectList,
      map: (row) => toView(row, today),
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<ProjectView> {
    const params: unknown[] = [currentTenantId(), id];
    return this.one(id, this.reach.predicate(currentActor(), ProjectPermissions.read, params), params);
  }

  /** As it is after a change, whoever made it: they may have put it out of their own reach. */
  changed({ id }: { readonly id: string }): Promise<ProjectView> {
    return this.one(id, 'true', [currentTenantId(), id]);
  }

  private async one(id: string, condition: string, params: unknown[]): Promise<ProjectView> {
    const sql = `select ${selectProject()} from projects p where p.tenant_id = $1 and p.id = $2 and (${condition})`;
    const row = await this.db.one<Row>(sql, params);
    if (!row) throw new RecordNotFound('project', id);
    return toView(row, await this.today());
  }

  private async today(): Promise<string> {
    return wallTimeAt(this.clock.now(), await this.auth.zone()).date;
  }
}

const toView = (row: Row, today: string): ProjectView => ({
  ...row,
  progress: progressOf(row),
  health: healthOf(row, today),
});
