import { isId } from '@app/kernel';
import {
  Config,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readOne,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import type {
  ScimGroupListView,
  ScimGroupView,
  ScimListQuery,
  ScimMappingView,
  ScimResourceQuery,
} from './scim.dto.js';
import { ScimInvalidFilter, ScimNotFound } from './scim.errors.js';
import { type Condition, parseFilter } from './scim-filter.js';
import { type GroupRow, isKept, listOf, toScimGroup, trim, windowOf } from './scim-resources.js';

const NAME = `coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)`;
const FROM = `teams t left join scim_groups g on g.tenant_id = t.tenant_id and g.team_id = t.id where t.tenant_id = app_tenant()`;
const COLUMNS = `t.id, g.external_id as "externalId", t.name, t.created_at as "createdAt", t.updated_at as "updatedAt"`;
const MEMBERS = `(select coalesce(json_agg(json_build_object('id', u.id, 'name', ${NAME}) order by u.id), '[]') from team_members m
  join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
  left join scim_users s on s.tenant_id = u.tenant_id and s.user_id = u.id
  where m.tenant_id = t.tenant_id and m.team_id = t.id and s.removed_at is null) as members`;
/** Thousands of members are not read to be left out again. */
const NO_MEMBERS = `'[]'::json as members`;

const COMPARED: Readonly<Record<string, (value: string, params: unknown[]) => string>> = {
  id: (value, params) => (isId(value) ? `t.id = $${params.push(value)}::uuid` : 'false'),
  displayname: (value, params) => `lower(t.name) = lower($${params.push(value)})`,
  externalid: (value, params) => `g.external_id = $${params.push(value)}`,
  'members.value': (value, params) => memberIs(value, params),
  members: (value, params) => memberIs(value, params),
};

const memberIs = (value: string, params: unknown[]): string =>
  isId(value)
    ? `exists (select 1 from team_members m where m.tenant_id = t.tenant_id and m.team_id = t.id and m.user_id = $${params.push(value)}::uuid)`
    : 'false';

const MAPPING: Readonly<Record<keyof ScimMappingView, string>> = {
  id: 't.id',
  name: 't.name',
  externalId: 'g.external_id',
  roles: `(select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name) order by r.name), '[]') from scim_group_roles x
    join roles r on r.tenant_id = x.tenant_id and r.id = x.role_id where x.tenant_id = t.tenant_id and x.team_id = t.id)`,
};
const MAPPINGS = {
  select: MAPPING,
  from: 'teams t left join scim_groups g on g.tenant_id = t.tenant_id and g.team_id = t.id',
};

export const ScimMappingList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    name: { type: 'text', column: 't.name', sortable: true, example: 'Support' },
  }),
  defaultSort: 'name',
  outputs: Object.keys(MAPPING),
};

@Injectable()
export class ScimGroupsQueries {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {}

  /** @throws ScimInvalidFilter */
  async list(query: ScimListQuery): Promise<ScimGroupListView> {
    const params: unknown[] = [];
    const conditions = query.filter === undefined ? [] : parseFilter(query.filter);
    const where = conditions.map((condition) => ` and ${comparing(condition, params)}`).join('');
    const counted = await this.db.one<{ count: number }>(`select count(*)::int as count from ${FROM}${where}`, params);
    const window = windowOf(query);
    const rows = await this.db.query<GroupRow>(
      `select ${COLUMNS}, ${membersFor(query)} from ${FROM}${where} order by t.created_at, t.id
       offset $${params.length + 1} limit $${params.length + 2}`,
      [...params, window.offset, window.limit],
    );
    const groups = rows.map((row) => trim(toScimGroup(this.config.PUBLIC_URL, row), query));
    return listOf(groups, counted?.count ?? 0, window);
  }

  /** @throws ScimNotFound */
  async view(id: string, query: ScimResourceQuery = {}): Promise<ScimGroupView> {
    const sql = `select ${COLUMNS}, ${membersFor(query)} from ${FROM} and t.id = $1`;
    const row = isId(id) && (await this.db.one<GroupRow>(sql, [id]));
    if (!row) throw new ScimNotFound('Group', id);
    return trim(toScimGroup(this.config.PUBLIC_URL, row), query);
  }

  mappings(query: ListQuery): Promise<Page<ScimMappingView>> {
    return readPage<ScimMappingView>(this.db, {
      ...MAPPINGS,
      where: 't.tenant_id = app_tenant()',
      query,
      spec: ScimMappingList,
    });
  }

  /** @throws RecordNotFound */
  mapping(id: string): Promise<ScimMappingView> {
    return readOne<ScimMappingView>(this.db, 'team', MAPPINGS, id);
  }
}

const membersFor = (query: ScimResourceQuery): string => (isKept('members', query) ? MEMBERS : NO_MEMBERS);

function comparing({ attribute, value }: Condition, params: unknown[]): string {
  const compare = Object.hasOwn(COMPARED, attribute) ? COMPARED[attribute] : undefined;
  if (!compare) throw new ScimInvalidFilter(`Groups are not found by ${attribute.slice(0, 100)}`);
  return compare(String(value), params);
}
