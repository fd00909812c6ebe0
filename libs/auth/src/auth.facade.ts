import { Actor, type FieldRights, type FieldRules } from '@app/kernel';
import {
  currentRequestId,
  currentTenantId,
  Database,
  FieldCatalogue,
  Provides,
  runAsSystem,
  runOutside,
  type TeamRoll,
  TeamRollPort,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { RolesService } from './roles/roles.service.js';
import { TeamsService } from './teams/teams.service.js';
import { Bootstrap, type SeededAdmin } from './tenants/bootstrap.js';
import type { NewTenant } from './tenants/tenant.entity.js';
import { SuspensionService } from './tenants/suspension.service.js';
import { TenantsService } from './tenants/tenants.service.js';
import { type Newcomer, RegistrationService } from './users/registration.service.js';

export type UserCard = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly isActive: boolean;
};
export type TenantCard = { readonly id: string; readonly slug: string; readonly title: string; readonly zone: string };

const NAME = `coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)`;
const CARD = `u.id, ${NAME} as name, u.email, u.status = 'active' as "isActive"`;

/** What other contexts, the command line and the demo ask of auth. Unless it says otherwise: in the current tenant. */
@Injectable()
@Provides(TeamRollPort)
export class AuthFacade implements TeamRoll {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantsService,
    private readonly suspension: SuspensionService,
    private readonly registration: RegistrationService,
    private readonly teams: TeamsService,
    private readonly roles: RolesService,
    private readonly bootstrap: Bootstrap,
    private readonly fields: FieldCatalogue,
  ) {}

  /** Those that exist, in no order. */
  usersByIds(ids: readonly string[]): Promise<UserCard[]> {
    return ids.length
      ? this.db.query<UserCard>(`select ${CARD} from users u where u.id = any ($1::uuid[])`, [[...new Set(ids)]])
      : Promise.resolve([]);
  }

  /** Those that exist, in no order. Usernames are lower case. */
  usersByUsernames(names: readonly string[]): Promise<UserCard[]> {
    return this.db.query<UserCard>(`select ${CARD} from users u where u.username = any ($1::text[])`, [names]);
  }

  /** By the word as it was asked, an id, an e-mail address or a username in whatever case, whose it is. */
  async usersCalled(words: readonly string[]): Promise<ReadonlyMap<string, UserCard>> {
    const asked = [...new Set(words)].map((word) => ({ word, name: word.trim().toLowerCase() }));
    if (!asked.length) return new Map();
    const rows = await this.db.query<UserCard & { word: string }>(
      `select a.word, ${CARD} from jsonb_to_recordset($1::jsonb) a(word text, name text)
        join users u on u.email = a.name or u.username = a.name or u.id::text = a.name`,
      [JSON.stringify(asked)],
    );
    return new Map(rows.map(({ word, ...card }) => [word, card]));
  }

  /** Whether there is such a user and work may be given to them. */
  async userExists(id: string): Promise<boolean> {
    const row = await this.db.one(`select 1 from users u where u.id = $1 and u.status = 'active'`, [id]);
    return row !== undefined;
  }

  async teamExists(id: string): Promise<boolean> {
    return (await this.db.one('select 1 from teams where id = $1', [id])) !== undefined;
  }

  async existingTeams(ids: readonly string[]): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>('select id from teams where id = any ($1::uuid[])', [ids]);
    return rows.map(({ id }) => id);
  }

  async teamsOf(userId: string): Promise<string[]> {
    const rows = await this.db.query<{ id: string }>(
      'select team_id as id from team_members where user_id = $1 order by 1',
      [userId],
    );
    return rows.map(({ id }) => id);
  }

  membersOf(teamId: string): Promise<(UserCard & { isLead: boolean })[]> {
    return this.db.query(
      `select ${CARD}, m.is_lead as "isLead" from team_members m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
       where m.team_id = $1 order by m.is_lead desc, u.id`,
      [teamId],
    );
  }

  /** Who acts under this id, with the rights of this moment: an active user, or a service token that is still good. */
  async actorOf(id: string): Promise<Actor | undefined> {
    const user = await this.db.one<{ name: string; grants: string[]; teams: string[]; reachedTeams: string[] }>(
      `select ${NAME} as name, array(select distinct unnest(r.grants) from user_roles ur
           join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id where ur.tenant_id = u.tenant_id and ur.user_id = u.id) as grants,
         array(select m.team_id from team_members m where m.tenant_id = u.tenant_id and m.user_id = u.id order by 1) as teams,
         reached_teams(u.tenant_id, u.id) as "reachedTeams"
       from users u where u.tenant_id = $1 and u.id = $2 and u.status = 'active'`,
      [currentTenantId(), id],
    );
    const fieldRights = await this.fieldRightsOf(id);
    if (user) {
      const { name, grants, teams, reachedTeams } = user;
      const circumstances = { reachedTeams, fieldRights };
      return new Actor(id, currentTenantId(), name, new Set(grants), teams, 'user', null, circumstances);
    }
    const token = await this.db.one<{ name: string; grants: string[] }>(
      'select * from token_standing($1, $2, clock_timestamp())',
      [currentTenantId(), id],
    );
    return (
      token && new Actor(id, currentTenantId(), token.name, new Set(token.grants), [], 'service', null, { fieldRights })
    );
  }

  private async fieldRightsOf(holder: string): Promise<FieldRights | undefined> {
    const row = await this.db.one<{ rules: FieldRules[] }>('select field_rules_of($1, $2) as rules', [
      currentTenantId(),
      holder,
    ]);
    return this.fields.rightsOf(row?.rules ?? []);
  }

  /** Active users who hold one of these grants, as `approvals:decide_all`. */
  holdersOf(grants: readonly string[]): Promise<UserCard[]> {
    return this.db.query<UserCard>(
      `select ${CARD} from users u where u.status = 'active' and exists (
         select 1 from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
         where ur.tenant_id = u.tenant_id and ur.user_id = u.id and r.grants && $1::text[]) order by u.id`,
      [grants],
    );
  }

  /** In the current tenant, as whoever acts. @throws EmailTaken, UsernameTaken, PasswordRefused, RoleUnknown */
  async createUser(newcomer: Newcomer): Promise<{ id: string }> {
    const { id } = await this.registration.register(newcomer);
    return { id };
  }

  async createTeam(given: {
    id?: string;
    name: string;
    description?: string;
    parentId?: string | null;
    members: readonly { userId: string; isLead?: boolean }[];
  }): Promise<{ id: string }> {
    const { name, description = '', parentId = null } = given;
    const { id } = await this.teams.form({ name, description, parentId }, given.id);
    for (const { userId, isLead = false } of given.members) await this.teams.enrol(id, userId, isLead);
    return { id };
  }

  /** Another tenant, with seeded roles and schedules. Called outside any transaction. @throws SlugTaken, SlugInvalid */
  createTenant(given: NewTenant): Promise<{ id: string }> {
    return this.tenants.found(given, async ({ id }) => ({ id }));
  }

  /** It is read and exported from now on, and nothing in it changes: 423 `tenant_suspended`. */
  suspendTenant(id: string): Promise<void> {
    return this.suspension.suspend(id);
  }

  /** Nobody of it comes in any more. */
  lockTenant(id: string): Promise<void> {
    return this.suspension.lock(id);
  }

  /** As suspended, and deleted for good after so many days; answers when. */
  closeTenant(id: string, days: number): Promise<Date> {
    return this.suspension.close(id, days);
  }

  /** What was to be deleted stays, suspended. */
  keepTenant(id: string): Promise<void> {
    return this.suspension.keep(id);
  }

  activateTenant(id: string): Promise<void> {
    return this.suspension.activate(id);
  }

  /** Whichever status it has: asked through the system door. */
  tenantNamed(slug: string): Promise<(TenantCard & { status: string }) | undefined> {
    return runOutside(() => this.db.one<TenantCard & { status: string }>('select * from tenant_named($1)', [slug]));
  }

  /** The current tenant's IANA zone: by whose wall clock its day begins, in what people choose and in every list. */
  async zone(): Promise<string> {
    const row = await this.db.one<{ zone: string }>('select zone from tenants where id = $1', [currentTenantId()]);
    return row?.zone ?? 'UTC';
  }

  /** The current tenant's currency, ISO 4217: what amounts are in where nobody says otherwise. */
  async currency(): Promise<string> {
    const row = await this.db.one<{ currency: string }>('select currency from tenants where id = $1', [
      currentTenantId(),
    ]);
    return row?.currency ?? 'EUR';
  }

  /** Of all tenants: asked through the system door. */
  activeTenants(): Promise<TenantCard[]> {
    return runOutside(() => this.db.query<TenantCard>('select * from tenants_active()'));
  }

  /** Gives every tenant the seeded roles and grants that came with a new version. Run after migrations. */
  async refreshRoles(): Promise<void> {
    for (const { id } of await this.activeTenants()) {
      await runAsSystem(id, 'auth.roles', currentRequestId(), () => this.db.transaction(() => this.roles.seed()));
    }
  }

  /** Tenant `main` with the administrator of a fresh install, who must choose another password. */
  seedAdmin(given?: { email?: string; password?: string }): Promise<SeededAdmin> {
    return this.bootstrap.seedAdmin(given);
  }

  /** Lets the first user of a production install register over HTTP; worth nothing once there is one. */
  get bootstrapToken(): string {
    return this.bootstrap.token;
  }
}
