import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a directory says of people and groups (SCIM 2.0), and which roles its groups bring. */
export class Scim1764002200100 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'scim_users', USER_COLUMNS, { audit: true, idColumn: 'user_id' });
    // who was removed stands in nobody's way (RFC 7644, 3.6), and names are compared without case (RFC 7643, 4.1.1)
    await q.query(`create unique index scim_users_user_name_is_free on scim_users (tenant_id, lower(user_name))
      where removed_at is null`);
    await q.query(`create unique index scim_users_external_id_is_free on scim_users (tenant_id, external_id)
      where removed_at is null`);
    await createTenantTable(q, 'scim_groups', GROUP_COLUMNS, { audit: true, idColumn: 'team_id' });
    await createTenantTable(q, 'scim_group_members', MEMBER_COLUMNS, { audit: true, idColumn: 'team_id' });
    await q.query('create index scim_group_members_by_user on scim_group_members (tenant_id, user_id)');
    await createTenantTable(q, 'scim_group_roles', ROLE_COLUMNS, { audit: true, idColumn: 'team_id' });
    await q.query('create index scim_group_roles_by_role on scim_group_roles (tenant_id, role_id)');
    await createTenantTable(q, 'scim_role_grants', GRANT_COLUMNS, { audit: true, idColumn: 'user_id' });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'scim_role_grants', 'scim_group_roles', 'scim_group_members', 'scim_groups', 'scim_users');
  }
}

// is_created: the directory made the account, rather than finding it there. is_closed: it closed it, and nobody has opened
// it since.
const USER_COLUMNS = `
  user_id uuid not null, user_name text not null, external_id text, is_created boolean not null,
  is_closed boolean not null default false, removed_at timestamptz(3),
  primary key (tenant_id, user_id),
  constraint scim_users_user foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade`;

const GROUP_COLUMNS = `
  team_id uuid not null, external_id text,
  primary key (tenant_id, team_id),
  constraint scim_groups_external_id_is_free unique (tenant_id, external_id),
  constraint scim_groups_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete cascade`;

// Beside the membership itself: only those whom the directory put into a group have roles by it.
const MEMBER_COLUMNS = `
  team_id uuid not null, user_id uuid not null,
  primary key (tenant_id, team_id, user_id),
  constraint scim_group_members_member foreign key (tenant_id, team_id, user_id)
    references team_members (tenant_id, team_id, user_id) on delete cascade`;

const ROLE_COLUMNS = `
  team_id uuid not null, role_id uuid not null,
  primary key (tenant_id, team_id, role_id),
  constraint scim_group_roles_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete cascade,
  constraint scim_group_roles_role foreign key (tenant_id, role_id) references roles (tenant_id, id) on delete cascade`;

// Which of somebody's roles came by a group: what others gave them stays theirs when they leave it.
const GRANT_COLUMNS = `
  user_id uuid not null, role_id uuid not null,
  primary key (tenant_id, user_id, role_id),
  constraint scim_role_grants_role foreign key (tenant_id, user_id, role_id)
    references user_roles (tenant_id, user_id, role_id) on delete cascade`;
