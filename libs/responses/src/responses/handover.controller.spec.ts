import { type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { OTHER_TENANT, bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCustomer, anInquiry, deskContexts, everything } from '../testing/desk.js';

const ROUTE = '/api/v1/users';
const GRANTS = ['users:read', 'users:hand-over', 'users:deactivate', 'customers:read_all', 'customers:assign_all'];

describe('POST /users/:id/handover', () => {
  let slice: Slice;
  let admin: SignedIn;
  let leaver: SignedIn;
  let heir: SignedIn;
  const all = [...everything, ...GRANTS];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: deskContexts });
    admin = await signIn(slice, { grants: [...all, 'roles:manage', 'users:update'] });
  });
  afterAll(() => slice?.close());
  beforeEach(async () => {
    await slice.empty('customers', 'inquiries', 'responses', 'approval_requests');
    leaver = await signIn(slice, { grants: all });
    heir = await signIn(slice, { grants: all });
  });

  const handOver = (body: object, who = admin, of = leaver.userId) =>
    slice.http('POST', `${ROUTE}/${of}/handover`, { token: who.token, body });
  const call = (who: SignedIn, method: 'GET' | 'POST', path: string, body?: object) =>
    slice.http(method, `/api/v1/${path}`, { token: who.token, body });
  const rows = async <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    (await slice.superuser.query(sql, values)).rows as T[];

  /** A customer, two inquiries (one of them closed), a draft, and an approval that waits for the leaver by name. */
  async function work(): Promise<{
    customer: string;
    inquiry: string;
    closed: string;
    draft: string;
    approval: string;
  }> {
    const customer = await aCustomer(slice, admin);
    await call(admin, 'POST', `customers/${customer}/assign`, { userId: leaver.userId });
    const inquiry = await anInquiry(slice, { assignedTo: leaver.userId, customerId: customer });
    const closed = await anInquiry(slice, { assignedTo: leaver.userId, customerId: customer });
    for (const verb of ['resolve', 'close']) await call(admin, 'POST', `inquiries/${closed}/${verb}`);
    const draft = await call(leaver, 'POST', 'responses', { inquiryId: inquiry, message: 'It left this morning.' });
    const approval = newId();
    const stages = [{ approvers: { kind: 'users', ids: [leaver.userId] }, required: 1 }];
    const policy = { name: 'By name', version: 1, rule: 'All', allowSelfApproval: false, stages };
    await slice.superuser.query(
      `begin; select set_config('app.actor_id', '${admin.userId}', true);
       insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, requested_by, excluded, stage, required, missing,
         policy, approver_kind, approver_ids, named)
       values ('${TENANT}', '${approval}', 'proofs.proof', '${approval}', 1, 'x', 'Proof', '${admin.userId}', array['${admin.userId}']::uuid[], 1, 1, 1,
         '${JSON.stringify(policy)}', 'users', array['${leaver.userId}']::uuid[], array['${leaver.userId}']::uuid[]); commit`,
    );
    return { customer, inquiry, closed, draft: (draft.body as { id: string }).id, approval };
  }

  const EVERYTHING = [
    { kind: 'approvals', count: 1 },
    { kind: 'customers', count: 1 },
    { kind: 'drafts', count: 1 },
    { kind: 'inquiries', count: 1 },
    { kind: 'views', count: 0 },
  ];

  it('passes customers, open inquiries, drafts and pending approvals on, and says how many', async () => {
    const theirs = await work();
    const answer = await handOver({ to: heir.userId });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ from: leaver.userId, to: heir.userId, total: 4, passed: EVERYTHING });
    const owner = async (table: string, column: string, id: string): Promise<unknown> =>
      (await rows<{ who: unknown }>(`select ${column} as who from ${table} where id = $1`, [id]))[0]?.who;
    expect(await owner('customers', 'assigned_to', theirs.customer)).toBe(heir.userId);
    expect(await owner('inquiries', 'assigned_to', theirs.inquiry)).toBe(heir.userId);
    expect(await owner('responses', 'responded_by', theirs.draft)).toBe(heir.userId);
    expect(await owner('approval_requests', 'named', theirs.approval)).toEqual([heir.userId]);
    expect(await owner('inquiries', 'assigned_to', theirs.closed)).toBe(leaver.userId);
    const facts = await rows<{ type: string }>(
      "select distinct type from outbox where type in ('customers.assigned', 'inquiries.assigned', 'approvals.rerouted', 'users.handed-over')",
    );
    expect(facts).toHaveLength(4);
  });

  it('is on record with its counts', async () => {
    await work();
    await handOver({ to: heir.userId });
    const sql = "select actor_id, after from audit_log where action = 'handed_over' and entity_id = $1";
    expect(await rows(sql, [leaver.userId])).toEqual([
      {
        actor_id: admin.userId,
        after: { to: heir.userId, approvals: 1, customers: 1, drafts: 1, inquiries: 1, views: 0 },
      },
    ]);
  });

  it('lets whoever had the text before approve it as little as whoever has it now', async () => {
    const { draft } = await work();
    await handOver({ to: heir.userId });
    expect((await call(heir, 'POST', `responses/${draft}/submit`, { revision: 1 })).status).toBeLessThan(300);
    for (const writer of [leaver, heir]) {
      const refused = await call(writer, 'POST', `responses/${draft}/approve`, { revision: 1 });
      expect(refused.body.code).toBe('self_approval');
    }
  });

  it('counts and changes nothing in a dry run', async () => {
    await work();
    const before = await rows('select max(id) as id from audit_log');
    const answer = await handOver({ to: heir.userId, dryRun: true, deactivate: true });
    expect(answer.body).toMatchObject({ dryRun: true, isDeactivated: false, passed: EVERYTHING });
    expect(await rows('select max(id) as id from audit_log')).toEqual(before);
  });

  it('passes only the kinds that are named', async () => {
    await work();
    expect((await handOver({ to: heir.userId, kinds: ['customers'] })).body.passed).toEqual([
      { kind: 'customers', count: 1 },
    ]);
    const unknown = await handOver({ to: heir.userId, kinds: ['customers', 'desks'] });
    expect([unknown.status, unknown.body.code]).toEqual([400, 'handover_kind_unknown']);
    expect(unknown.body.errors[0].pointer).toBe('/kinds');
  });

  it('refuses who gets nothing: oneself, nobody, another tenant’s, somebody deactivated', async () => {
    const other = await signIn(slice, { tenantId: OTHER_TENANT });
    const gone = await signIn(slice);
    await slice.http('POST', `${ROUTE}/${gone.userId}/deactivate`, { token: admin.token });
    const codes: unknown[] = [];
    for (const to of [leaver.userId, newId(), other.userId, gone.userId])
      codes.push((await handOver({ to })).body.code);
    const unavailable = 'recipient_unavailable';
    expect(codes).toEqual(['handover_to_self', unavailable, unavailable, unavailable]);
    expect((await handOver({ to: heir.userId }, admin, other.userId)).status).toBe(404);
  });

  it('needs its permission, that of deactivating where it does, and covers no user who may do more', async () => {
    const clerk = await signIn(slice, { grants: ['users:hand-over'] });
    const plain = await signIn(slice);
    const refused = await handOver({ to: heir.userId, deactivate: true }, clerk, plain.userId);
    expect([refused.status, refused.body.permission]).toEqual([403, 'users:deactivate']);
    expect((await handOver({ to: heir.userId }, clerk, plain.userId)).status).toBe(200);
    expect((await handOver({ to: heir.userId }, clerk)).body.code).toBe('exceeds_own_grants');
    expect((await handOver({ to: heir.userId }, plain)).body.code).toBe('permission_missing');
  });

  it('leaves nothing with a leaver who is given work all the while', async () => {
    const customer = await aCustomer(slice, admin);
    const inquiries: string[] = [];
    for (let count = 0; count < 12; count++) inquiries.push(await anInquiry(slice, { customerId: customer }));
    const giving = inquiries.map((id) => call(admin, 'POST', `inquiries/${id}/assign`, { assignedTo: leaver.userId }));
    const passing = handOver({ to: heir.userId, deactivate: true });
    const [passed, ...given] = await Promise.all([passing, ...giving]);
    expect(passed.body).toMatchObject({ isDeactivated: true });
    const left = await rows("select id from inquiries where assigned_to = $1 and status not in ('closed', 'spam')", [
      leaver.userId,
    ]);
    expect(left).toEqual([]);
    const outcomes = new Set(given.map(({ status, body }) => (status < 300 ? 'given' : body.code)));
    expect([...outcomes].every((one) => ['given', 'assignee_unknown'].includes(one))).toBe(true);
    const late = await call(admin, 'POST', `customers/${customer}/assign`, { userId: leaver.userId });
    expect(late.body.code).toBe('assignee_unavailable');
  });

  it('of two who hand over to each other at once leaves everything with one of them', async () => {
    const customers = [await aCustomer(slice, admin), await aCustomer(slice, admin)];
    const people = [leaver.userId, heir.userId];
    for (let round = 0; round < 5; round++) {
      for (const [index, id] of customers.entries())
        await call(admin, 'POST', `customers/${id}/assign`, { userId: people[index] });
      const [from, to] = [heir.userId, leaver.userId];
      const both = await Promise.all([handOver({ to: from }), handOver({ to }, admin, from)]);
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
      const owners = await rows<{ who: string }>(
        'select distinct assigned_to as who from customers where id = any ($1)',
        [customers],
      );
      expect(owners).toHaveLength(1);
    }
  });

  it('rolls everything back when one part cannot pass', async () => {
    const { customer } = await work();
    await slice.superuser.query(
      `create function refuse_test() returns trigger language plpgsql as 'begin raise exception ''no''; end';
       create trigger refuse_test before update on inquiries for each row execute function refuse_test()`,
    );
    expect((await handOver({ to: heir.userId })).status).toBe(500);
    await slice.superuser.query('drop function refuse_test() cascade');
    expect(await rows('select assigned_to from customers where id = $1', [customer])).toEqual([
      { assigned_to: leaver.userId },
    ]);
  });
});
