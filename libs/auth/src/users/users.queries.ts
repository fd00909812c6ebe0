import { Database, defineFields, type ListQuery, type ListSpec, type Page, readOne, readPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { USER_STATUSES } from './user.entity.js';
import type { UserView } from './users.dto.js';

const NAME = "coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)";
const refs = (table: string, link: string, key: string): string =>
  `(select coalesce(json_agg(json_build_object('id', x.id, 'name', x.name) order by x.name), '[]')
    from ${link} l join ${table} x on x.tenant_id = l.tenant_id and x.id = l.${key} where l.tenant_id = u.tenant_id and l.user_id = u.id)`;

const COLUMNS: Readonly<Record<keyof UserView, string>> = {
  id: 'u.id',
  email: 'u.email',
  username: 'u.username',
  firstName: 'u.first_name',
  lastName: 'u.last_name',
  name: NAME,
  status: 'u.status',
  mustChangePassword: 'u.must_change_password',
  isBreakGlass: 'u.is_break_glass',
  zone: 'u.zone',
  locale: 'u.locale',
  roles: refs('roles', 'user_roles', 'role_id'),
  teams: refs('teams', 'team_members', 'team_id'),
  version: 'u.version',
  createdAt: 'u.created_at',
  updatedAt: 'u.updated_at',
};
const ROWS = { select: COLUMNS, from: 'users u' };

export const UserList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'u.id' },
    email: { type: 'text', column: 'u.email', sortable: true, example: 'cso@demo.example' },
    username: { type: 'text', column: 'u.username', nullable: true, sortable: true },
    firstName: { type: 'text', column: 'u.first_name', sortable: true },
    lastName: { type: 'text', column: 'u.last_name', sortable: true },
    status: { type: 'enum', column: 'u.status', values: USER_STATUSES, example: 'active' },
    createdAt: { type: 'instant', column: 'u.created_at', sortable: true },
    updatedAt: { type: 'instant', column: 'u.updated_at', sortable: true },
  }),
  defaultSort: '-createdAt',
  searchable: true,
  outputs: Object.keys(COLUMNS),
};

/** A tenant has hundreds of users, not millions: the search reads them all. */
const searchIds = (term: string): string =>
  `select s.id from users s where s.tenant_id = app_tenant() and position(lower(${term}) in lower(concat_ws(' ', s.first_name, s.last_name, s.email, s.username))) > 0`;

@Injectable()
export class UsersQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<UserView>> {
    return readPage<UserView>(this.db, {
      ...ROWS,
      where: 'u.tenant_id = app_tenant()',
      query,
      spec: UserList,
      searchIds,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<UserView> {
    return readOne<UserView>(this.db, 'user', ROWS, id);
  }
}
