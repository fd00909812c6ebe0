import { currentTenantId, Database, type Ownership, OwnershipPort, type Passage, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Project } from './project.entity.js';

const THEIRS = `from projects p where p.tenant_id = $1 and p.status not in ('completed', 'cancelled')
  and (p.owner_id = $2 or exists (select from project_members m where m.tenant_id = p.tenant_id and m.project_id = p.id and m.user_id = $2))`;

/** Projects that somebody answers for or has a part in; what is over stays as it was. */
@Injectable()
@Provides(OwnershipPort)
export class ProjectsOwnership implements Ownership {
  readonly kind = 'projects';
  readonly columns = ['project_members.user_id', 'projects.members', 'projects.owner_id'];

  constructor(private readonly db: Database) {}

  async count(from: string): Promise<number> {
    const row = await this.db.one<{ count: number }>(`select count(*)::int as count ${THEIRS}`, [
      currentTenantId(),
      from,
    ]);
    return row?.count ?? 0;
  }

  async pass({ from, to }: Passage): Promise<number> {
    const theirs = await this.db.query<{ id: string }>(`select p.id ${THEIRS} order by p.id for update`, [
      currentTenantId(),
      from,
    ]);
    for (const { id } of theirs)
      await this.db.change(Project, id, undefined, (project) => {
        project.replaceMember(from, to);
        if (project.ownerId === from) project.passOn(to);
      });
    return theirs.length;
  }
}
