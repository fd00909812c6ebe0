import { isId } from '@app/kernel';
import { Config, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ScimListQuery, ScimResourceQuery, ScimUserListView, ScimUserView } from './scim.dto.js';
import { ScimInvalidFilter, ScimNotFound } from './scim.errors.js';
import { type Condition, parseFilter } from './scim-filter.js';
import { listOf, toScimUser, trim, type UserRow, windowOf } from './scim-resources.js';

const USER_NAME = 'coalesce(s.user_name, u.email)';
const FROM = `users u left join scim_users s on s.tenant_id = u.tenant_id and s.user_id = u.id
  where u.tenant_id = app_tenant() and s.removed_at is null`;
const COLUMNS = `u.id, s.external_id as "externalId", ${USER_NAME} as "userName", u.email, u.first_name as "firstName",
  u.last_name as "lastName", u.status = 'active' as "isActive", u.zone, u.locale, u.created_at as "createdAt", u.updated_at as "updatedAt",
  (select coalesce(json_agg(json_build_object('id', t.id, 'name', t.name) order by t.name), '[]') from team_members m
    join teams t on t.tenant_id = m.tenant_id and t.id = m.team_id where m.tenant_id = u.tenant_id and m.user_id = u.id) as groups`;

/** What a directory finds people by. Names and addresses have no case; an id that is none is nobody's. */
const COMPARED: Readonly<Record<string, (condition: Condition, params: unknown[]) => string>> = {
  id: ({ value }, params) => (isId(value) ? `u.id = $${params.push(value)}::uuid` : 'false'),
  username: ({ value }, params) => `lower(${USER_NAME}) = lower($${params.push(textOf(value))})`,
  externalid: ({ value }, params) => `s.external_id = $${params.push(textOf(value))}`,
  'emails.value': ({ value }, params) => `u.email = lower($${params.push(textOf(value))})`,
  emails: ({ value }, params) => `u.email = lower($${params.push(textOf(value))})`,
  active: ({ value }) => (String(value) === 'true' ? `u.status = 'active'` : `u.status <> 'active'`),
};

const textOf = (value: string | boolean): string => String(value);

@Injectable()
export class ScimUsersQueries {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {}

  /** @throws ScimInvalidFilter */
  async list(query: ScimListQuery): Promise<ScimUserListView> {
    const params: unknown[] = [];
    const conditions = query.filter === undefined ? [] : parseFilter(query.filter);
    const where = conditions.map((condition) => ` and ${comparing(condition, params)}`).join('');
    const counted = await this.db.one<{ count: number }>(`select count(*)::int as count from ${FROM}${where}`, params);
    const window = windowOf(query);
    const rows = await this.db.query<UserRow>(
      `select ${COLUMNS} from ${FROM}${where} order by u.created_at, u.id
       offset $${params.length + 1} limit $${params.length + 2}`,
      [...params, window.offset, window.limit],
    );
    const users = rows.map((row) => trim(toScimUser(this.config.PUBLIC_URL, row), query));
    return listOf(users, counted?.count ?? 0, window);
  }

  /** @throws ScimNotFound also for those whom the directory removed */
  async view(id: string, query: ScimResourceQuery = {}): Promise<ScimUserView> {
    const row = isId(id) && (await this.db.one<UserRow>(`select ${COLUMNS} from ${FROM} and u.id = $1`, [id]));
    if (!row) throw new ScimNotFound('User', id);
    return trim(toScimUser(this.config.PUBLIC_URL, row), query);
  }
}

function comparing(condition: Condition, params: unknown[]): string {
  const compare = Object.hasOwn(COMPARED, condition.attribute) ? COMPARED[condition.attribute] : undefined;
  if (!compare) throw new ScimInvalidFilter(`Users are not found by ${condition.attribute.slice(0, 100)}`);
  return compare(condition, params);
}
