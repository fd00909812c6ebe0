import { AuthFacade } from '@app/auth';
import { signIn } from '@app/auth/testing';
import { CustomerPermissions, CustomersFacade } from '@app/customers';
import { InquiriesFacade, InquiryPermissions } from '@app/inquiries';
import { anyOf, declaredPermissions, newId, type Permission } from '@app/kernel';
import {
  AccessGuard,
  Database,
  type GuardedRecords,
  GuardedRecordsPort,
  Ports,
  type Route,
  RouteCatalogue,
} from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import type { ExecutionContext } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { mayReach, type Somebody, somebodyAt } from './testing/oracle.js';
import { SOURCE_MATRICES } from './testing/source-matrices.js';
import { build, type Fact, type Kind, type Standing, standingsIn, World } from './testing/world.js';

/**
 * Everybody against everything: each role, in each place of the teams' tree, in each of two tenants, with each permission, before every
 * combination of creator, assignee, team and trash. What the code decides must be what PostgreSQL answers.
 */
describe('Access', () => {
  let slice: Slice;
  let roles: Map<string, readonly string[]>;
  let records: readonly GuardedRecords[];
  let standings: Standing[];
  const worlds = [new World('nearby'), new World('faraway')];
  const facts = worlds.flatMap((world) => world.facts);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    await build(slice, worlds);
    standings = await standingsIn(slice, worlds);
    roles = await rolesOfATenant();
    records = slice.get(Ports).all(GuardedRecordsPort);
  });
  afterAll(() => slice?.close());

  /** The seeded roles, and one for each scope of everything. */
  async function rolesOfATenant(): Promise<Map<string, readonly string[]>> {
    const { id } = await slice.get(AuthFacade).createTenant({ slug: 'roles', title: 'Roles' });
    const sql = 'select name, grants from roles where tenant_id = $1';
    const { rows } = await slice.superuser.query<{ name: string; grants: string[] }>(sql, [id]);
    const permissions = [...declaredPermissions().values()];
    const scoped = (['own', 'team', 'all'] as const).map((scope): [string, readonly string[]] => [
      `everything, ${scope}`,
      permissions.map((one) => (one.scoped ? `${one.name}_${scope}` : one.name)),
    ]);
    return new Map<string, readonly string[]>([
      ...rows.map(({ name, grants }): [string, readonly string[]] => [name, grants]),
      ...scoped,
      ['nothing', []],
    ]);
  }

  function* everybody(): Generator<Somebody & { role: string }> {
    for (const standing of standings)
      for (const [role, grants] of roles) yield { role, ...somebodyAt(standing, grants) };
  }

  /** A member of the upper team, who leads nothing. */
  const somebody = (grants: readonly string[]): Somebody => somebodyAt(standings[1]!, grants);

  /** The ids that PostgreSQL answers under the somebody's tenant. */
  async function answered({ actor }: Somebody, kind: GuardedRecords, permission: Permission): Promise<Set<string>> {
    const params: unknown[] = [];
    const reached = anyOf(kind.ways(actor, permission, params));
    const sql = `select ${kind.id} as id from ${kind.from} where ${kind.isPresent} and ${reached}`;
    const rows = await slice.as(actor, () => slice.get(Database).query<{ id: string }>(sql, params));
    return new Set(rows.map(({ id }) => id));
  }

  const differing = (one: Somebody, permission: Permission, about: readonly Fact[], ids: Set<string>): string[] =>
    about
      .filter((fact) => mayReach(one, permission, fact) !== ids.has(fact.id))
      .map(({ kind, createdBy, assignedTo, team, isTrashed, tenant }) =>
        [permission.name, kind, createdBy, assignedTo, team, isTrashed, tenant.word].join(' '),
      );

  it('is decided alike by the code and by PostgreSQL, in over 100,000 cases', async ({ task }) => {
    const differences: string[] = [];
    let cases = 0;
    for (const one of everybody()) {
      for (const kind of records) {
        const about = facts.filter((fact) => fact.kind === kind.kind);
        for (const permission of kind.reaching) {
          const ids = await answered(one, kind, permission);
          differences.push(...differing(one, permission, about, ids).map((text) => `${one.role}: ${text}`));
          cases += about.length;
        }
      }
    }
    expect(differences).toEqual([]);
    expect(cases).toBeGreaterThan(100_000);
    Object.assign(task.meta, { cases }); // for the bench, which asks how long each takes
  });

  it('is checked on one record by the use cases as it is on lists', async () => {
    const { read: customer } = CustomerPermissions;
    const { read: inquiry } = InquiryPermissions;
    const differences: string[] = [];
    for (const role of ['CSO', 'Sales Manager', 'everything, own', 'everything, team', 'nothing']) {
      const one = somebody(roles.get(role)!);
      const isShown = (fact: Fact): Promise<boolean> =>
        slice
          .get<CustomersFacade | InquiriesFacade>(fact.kind === 'customers' ? CustomersFacade : InquiriesFacade)
          .assertReadable(one.actor, fact.id)
          .then(
            () => true,
            (error: { code?: string }) => error.code !== 'not_found',
          );
      for (const fact of facts.filter(({ kind }) => kind === 'customers' || kind === 'inquiries')) {
        const isReached = mayReach(one, fact.kind === 'customers' ? customer : inquiry, fact);
        if ((await slice.as(one.actor, () => isShown(fact))) !== isReached) differences.push(`${role}: ${fact.kind}`);
      }
    }
    expect(differences).toEqual([]);
  });

  it('has records of every kind that is guarded, and each kind says what asks for it', () => {
    const kinds: Kind[] = [
      ...(['approvals', 'customers', 'deals', 'inquiries', 'leads', 'macros', 'mail'] as const),
      ...(['projects', 'responses', 'tasks', 'worklogs'] as const),
    ];
    const scopedKinds = records.filter(({ reaching }) => reaching.length > 0).map(({ kind }) => kind);
    expect(scopedKinds.sort()).toEqual(kinds);
    const asked = records.flatMap(({ reaching }) => reaching.map(({ name }) => name));
    const declared = contexts.flatMap(({ permissions }) => permissions.flatMap((all) => Object.values(all)));
    const scoped = declared.filter((one) => one.scoped).map(({ name }) => name);
    expect(asked.sort()).toEqual(scoped.sort());
  });

  it.each(SOURCE_MATRICES)('follows %s: %s, %s: %s', async (_, role, name, reach) => {
    const permission = declaredPermissions().get(name) as Permission;
    const one = somebody(roles.get(role) ?? []);
    if (reach === 'none' || reach === 'granted') return expect(one.actor.can(permission)).toBe(reach === 'granted');
    const kind = records.find((each) => permission.name.startsWith(`${each.kind}:`)) as GuardedRecords;
    const others = [...roles.get(role)!].filter((grant) => !grant.startsWith(`${name}_`));
    const exactly = somebody([...others, `${name}_${reach}`]);
    expect(await answered(one, kind, permission)).toEqual(await answered(exactly, kind, permission));
  });

  describe('of routes', () => {
    const guarded = (): Route[] =>
      slice
        .get(RouteCatalogue)
        .all()
        .filter(({ access }) => access?.kind === 'permission');

    /** As Nest holds it: it is nobody's provider by its own name. */
    const guard = (): AccessGuard => {
      const found = slice.get(DiscoveryService).getProviders();
      return found.map(({ instance }) => instance as unknown).find((one) => one instanceof AccessGuard)!;
    };

    const contextOf = (route: Route, token: string): ExecutionContext =>
      ({
        getType: () => 'http',
        getClass: () => route.controller,
        getHandler: () => route.handler,
        switchToHttp: () => ({
          getRequest: () => ({ headers: { authorization: `Bearer ${token}` }, ip: '::1', query: {} }),
          getResponse: () => ({ headers: () => undefined }),
        }),
      }) as unknown as ExecutionContext;

    const isLetIn = (route: Route, token: string): Promise<boolean> =>
      guard()
        .canActivate(contextOf(route, token))
        .catch((error: { code?: string }) => {
          if (error.code === 'permission_missing') return false;
          throw error;
        });

    it('is decided by the guard as the roles in PostgreSQL say, for every role and every route', async () => {
      const routes = guarded();
      const differences: string[] = [];
      for (const world of worlds) {
        for (const [role, grants] of roles) {
          const { token, userId } = await signIn(slice, { grants, tenantId: world.id, userId: newId() });
          const held = await slice.superuser.query<{ grant: string }>(
            `select distinct unnest(r.grants) as grant from user_roles ur join roles r on r.tenant_id = ur.tenant_id and r.id = ur.role_id
             where ur.tenant_id = $1 and ur.user_id = $2`,
            [world.id, userId],
          );
          const stands = new Set(held.rows.map(({ grant }) => grant.replace(/_(own|team|all)$/, '')));
          const verdicts = await Promise.all(routes.map((route) => isLetIn(route, token)));
          routes.forEach(({ name, access }, index) => {
            if (access?.kind !== 'permission') return;
            const isGranted = [access.permission, ...access.orElse].some((one) => stands.has(one.name));
            if (isGranted !== verdicts[index]) differences.push(`${role}: ${name}`);
          });
        }
      }
      expect(differences).toEqual([]);
      expect(routes.length).toBeGreaterThan(100);
    }, 240_000); // some ten thousand questions
  });
});
