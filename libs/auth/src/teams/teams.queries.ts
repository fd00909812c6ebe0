import { Database, defineFields, type ListQuery, type ListSpec, type Page, readOne, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { TeamView } from './teams.dto.js';

const MEMBERS = `(select coalesce(json_agg(json_build_object('id', u.id, 'isLead', m.is_lead,
    'name', coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)) order by m.is_lead desc, u.first_name, u.id), '[]')
  from team_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id where m.tenant_id = t.tenant_id and m.team_id = t.id)`;

const COLUMNS: Readonly<Record<keyof TeamView, string>> = {
  id: 't.id',
  name: 't.name',
  description: 't.description',
  parentId: 't.parent_id',
  members: MEMBERS,
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
};
const ROWS = { select: COLUMNS, from: 'teams t' };

export const TeamList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    name: { type: 'text', column: 't.name', sortable: true, example: 'Support' },
    parentId: { type: 'id', column: 't.parent_id', nullable: true },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class TeamsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<TeamView>> {
    return readPage<TeamView>(this.db, {
      ...ROWS,
      where: 't.tenant_id = app_tenant()',
      query,
      spec: TeamList,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<TeamView> {
    return readOne<TeamView>(this.db, 'team', ROWS, id);
  }
}
