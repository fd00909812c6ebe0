import { CustomersFacade } from '@app/customers';
import { inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { bootSlice, OTHER_TENANT, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signIn } from '../testing.js';

const [MINE, THEIRS] = [newId(), newId()];

describe('GET /authz/explain', () => {
  let slice: Slice;
  let me: SignedIn;
  let colleague: SignedIn;
  let admin: SignedIn;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    const grants = ['customers:read_own', 'customers:update_own', 'inquiries:read_all', 'inquiries:update_own'];
    me = await signIn(slice, { grants, teams: [MINE] });
    colleague = await signIn(slice, { grants: ['customers:read_team'], teams: [MINE, THEIRS] });
    const all = [
      'customers:read_all',
      'customers:assign_all',
      'customers:purge',
      'customers:delete_own',
      'inquiries:read_all',
    ];
    admin = await signIn(slice, { grants: [...all, 'authz:explain', 'users:read', 'roles:manage'] });
  });
  afterAll(() => slice?.close());

  const ask = (who: SignedIn, query: Record<string, string>) =>
    slice.http('GET', `/api/v1/authz/explain?${new URLSearchParams(query).toString()}`, { token: who.token });
  const codes = (body: { refusals: { code: string }[] }): string[] => body.refusals.map(({ code }) => code);
  const holding = (body: { record: { ways: { way: string; holds: boolean }[] } }): string[] =>
    body.record.ways.filter(({ holds }) => holds).map(({ way }) => way);

  async function aCustomerWith(
    columns: { created_by?: string; assigned_to?: string; team_id?: string } = {},
  ): Promise<string> {
    const stranger = { email: `${newId()}@customer.example`, name: 'Asha Rao', source: 'test' };
    const { customerId } = await slice.as(admin.actor, () => slice.get(CustomersFacade).identify(stranger));
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${admin.userId}', true)`);
    for (const [column, value] of Object.entries(columns))
      await slice.superuser.query(`update customers set ${column} = $2 where id = $1`, [customerId, value]);
    await slice.superuser.query('commit');
    return customerId;
  }

  it('names the roles that grant it, the scope, the routes and what the session may', async () => {
    const { status, body } = await ask(me, { permission: 'customers:update' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      isAllowed: true,
      permission: 'customers:update',
      scope: 'own',
      record: null,
      refusals: [],
    });
    expect(body.roles).toEqual([{ id: expect.any(String), name: expect.any(String), grant: 'customers:update_own' }]);
    expect(body.subject).toMatchObject({ id: me.userId, kind: 'user', isActive: true, teamIds: [MINE] });
    expect(body.tenant.status).toBe('active');
    expect(body.routes).toContainEqual({ route: 'PATCH /customers/:id', asksForStepUp: false });
    expect(Date.parse(body.session.provenUntil)).toBeGreaterThan(Date.now());
  });

  it('says that no role grants it', async () => {
    const { body } = await ask(me, { permission: 'customers:purge' });
    expect([body.isAllowed, body.scope, codes(body)]).toEqual([false, null, ['permission_missing']]);
  });

  it('tells which routes ask for a fresh proof', async () => {
    const { body } = await ask(admin, { permission: 'customers:delete' });
    expect(body.routes).toContainEqual({ route: 'DELETE /customers/:id', asksForStepUp: true });
  });

  it.each<[string, () => Promise<string>]>([
    ['created_by_me', () => aCustomerWith({ created_by: me.userId })],
    ['assigned_to_me', () => aCustomerWith({ assigned_to: me.userId })],
    ['unassigned_in_my_team', () => aCustomerWith({ team_id: MINE })],
  ])('says in which way a record is mine: %s', async (way, make) => {
    const { body } = await ask(me, { permission: 'customers:update', record: `customers:${await make()}` });
    expect([body.isAllowed, holding(body)]).toEqual([true, [way]]);
  });

  it('names the way down from the team that somebody leads to the one that a record is in', async () => {
    const [sales, north, oslo] = [newId(), newId(), newId()];
    const lead = await signIn(slice, { grants: ['customers:read_team'], teams: [sales] });
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${admin.userId}', true);
      insert into teams (tenant_id, id, name, parent_id) values ('${admin.actor.tenantId}', '${north}', 'Sales North', '${sales}'),
        ('${admin.actor.tenantId}', '${oslo}', 'Sales Oslo', '${north}');
      update teams set name = 'Sales' where id = '${sales}';
      update team_members set is_lead = true where team_id = '${sales}'; commit`);
    const about = async (team: string) =>
      (await ask(lead, { permission: 'customers:read', record: `customers:${await aCustomerWith({ team_id: team })}` }))
        .body;
    const below = await about(oslo);
    expect([below.isAllowed, holding(below)]).toEqual([true, ['in_my_team']]);
    expect(below.record.through).toEqual([
      { id: oslo, name: 'Sales Oslo', because: 'leads Sales, which is above Sales North, which is above Sales Oslo' },
    ]);
    expect(below.subject.oversees).toHaveLength(2);
    expect((await about(sales)).record.through).toEqual([]);
    const elsewhere = await about(THEIRS);
    expect([elsewhere.isAllowed, elsewhere.record.through]).toEqual([false, []]);
  });

  it('says that it may be read through an inquiry and not be changed', async () => {
    const customer = await aCustomerWith();
    const clerk = await signIn(slice, {
      grants: ['inquiries:create', 'inquiries:assign_all', 'inquiries:read_all', 'customers:read_all'],
    });
    const question = { customerId: customer, subject: 'Where?', message: 'Where is it?' };
    const made = await slice.http('POST', '/api/v1/inquiries', { token: clerk.token, body: question });
    await slice.http('POST', `/api/v1/inquiries/${made.body.id}/assign`, {
      token: clerk.token,
      body: { assignedTo: me.userId },
    });
    const record = `customers:${customer}`;
    const reading = (await ask(me, { permission: 'customers:read', record })).body;
    expect([reading.isAllowed, holding(reading)]).toEqual([true, ['through_my_inquiry']]);
    const changing = (await ask(me, { permission: 'customers:update', record })).body;
    expect([changing.isAllowed, codes(changing), holding(changing)]).toEqual([false, ['out_of_reach'], []]);
  });

  it('knows what a permission without scopes is bound by', async () => {
    const [own, other] = [await aCustomerWith(), await aCustomerWith({ created_by: me.userId })];
    const purge = async (id: string) =>
      (await ask(admin, { permission: 'customers:purge', record: `customers:${id}` })).body;
    expect([(await purge(own)).isAllowed, codes(await purge(other))]).toEqual([true, ['out_of_reach']]);
  });

  it('answers about a record that I may not see exactly as about one that is not there', async () => {
    const foreign = await signIn(slice, { tenantId: OTHER_TENANT, grants: ['customers:read_all'] });
    const stranger = { email: `${newId()}@customer.example`, name: 'Asha Rao', source: 'test' };
    const theirs = await slice.as(foreign.actor, () => slice.get(CustomersFacade).identify(stranger));
    const trashed = await aCustomerWith({ assigned_to: me.userId });
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${admin.userId}', true);
      update customers set deleted_at = now(), deleted_by = created_by where id = '${trashed}'; commit`);
    const about = async (id: string): Promise<string> => {
      const { status, body } = await ask(me, { permission: 'customers:update', record: `customers:${id}` });
      return JSON.stringify({ status, body }).replaceAll(id, '…');
    };
    const nothing = await about(newId());
    expect(nothing).toContain('not_found');
    for (const id of [await aCustomerWith({ team_id: THEIRS }), theirs.customerId, trashed])
      expect(await about(id)).toBe(nothing);
  });

  it('answers of others to who may ask, and only about what they see themselves', async () => {
    const mine = await aCustomerWith({ assigned_to: me.userId });
    const record = `customers:${mine}`;
    const asked = { permission: 'customers:update', record, user: me.userId };
    expect((await ask(colleague, asked)).body).toMatchObject({
      code: 'permission_missing',
      permission: 'authz:explain',
    });
    const { body } = await ask(admin, asked);
    expect([body.isAllowed, body.subject.id, holding(body)]).toEqual([true, me.userId, ['assigned_to_me']]);
    const blind = await signIn(slice, { grants: ['authz:explain'] });
    const unseen = (await ask(blind, asked)).body;
    expect([codes(unseen), holding(unseen)]).toEqual([['not_found'], []]);
    expect((await ask(admin, { ...asked, user: newId() })).status).toBe(404);
  });

  it('says of others that they may not come in', async () => {
    const gone = await signIn(slice, { grants: ['customers:read_all'] });
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${admin.userId}', true);
      update users set status = 'deactivated' where id = '${gone.userId}'; commit`);
    const { body } = await ask(admin, { permission: 'customers:read', user: gone.userId });
    expect([body.isAllowed, codes(body)]).toEqual([false, ['user_deactivated']]);
  });

  it.each([
    [{ permission: 'customers:fly' }, 'permission_unknown', 'query/permission'],
    [{ permission: 'customers:read', record: `orders:${newId()}` }, 'record_kind_unknown', 'query/record'],
    [{ permission: 'users:read', record: `customers:${newId()}` }, 'permission_of_other_records', 'query/record'],
    [{ permission: 'customers' }, 'validation_failed', 'query/permission'],
    [{ permission: 'customers:read', record: 'customers:1' }, 'validation_failed', 'query/record'],
    [{ permission: 'customers:read', user: 'me' }, 'validation_failed', 'query/user'],
  ])('refuses %o', async (query, code, pointer) => {
    const { status, body } = await ask(admin, query);
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, code, pointer]);
  });
});
