import { Database, defineFields, type ListQuery, type ListSpec, type Page, readOne, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { RoleView } from './roles.dto.js';

const COLUMNS: Readonly<Record<keyof RoleView, string>> = {
  id: 'r.id',
  name: 'r.name',
  description: 'r.description',
  grants: 'r.grants',
  mfaRequired: 'r.mfa_required',
  isSeeded: 'r.is_seeded',
  users: '(select count(*)::int from user_roles ur where ur.tenant_id = r.tenant_id and ur.role_id = r.id)',
  version: 'r.version',
  createdAt: 'r.created_at',
  updatedAt: 'r.updated_at',
};
const ROWS = { select: COLUMNS, from: 'roles r' };

export const RoleList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'r.id' },
    name: { type: 'text', column: 'r.name', sortable: true, example: 'CSO' },
    mfaRequired: { type: 'boolean', column: 'r.mfa_required' },
    isSeeded: { type: 'boolean', column: 'r.is_seeded' },
    createdAt: { type: 'instant', column: 'r.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class RolesQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<RoleView>> {
    return readPage<RoleView>(this.db, {
      ...ROWS,
      where: 'r.tenant_id = app_tenant()',
      query,
      spec: RoleList,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<RoleView> {
    return readOne<RoleView>(this.db, 'role', ROWS, id);
  }
}
