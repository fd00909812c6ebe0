import { Clock, newId } from '@app/kernel';
import { type Database, parseListQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, OTHER_TENANT, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsContexts } from '../testing.js';
import { ApprovalPermissions } from './approval.policy.js';
import { ApprovalQueue, ApprovalsQueries } from './approvals.queries.js';
import { HiddenRequests } from './hidden-requests.js';

const ROWS = 40_000;

describe('The approval queue', () => {
  let slice: Slice;
  const [team, busy] = [newId(), newId()];

  beforeAll(async () => {
    slice = await bootSlice({ contexts: approvalsContexts });
    await fillWithRows(slice.superuser, ['approval_requests'], ROWS, (first, last) =>
      slice.superuser.query(`begin; set local session_replication_role = replica;
      insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, team_id, due_at,
          requested_by, excluded, status, decided_by, decided_at)
        select case when n % 10 = 0 then '${OTHER_TENANT}' else '${TENANT}' end::uuid, gen_random_uuid(), 'documents.document',
          gen_random_uuid(), 1, 'hash', 'Title ' || n, case when n % 52 = 4 then '${team}' else '${busy}' end::uuid,
          case when n % 7 > 0 then timestamptz '2026-11-02' + n * interval '1 minute' end,
          who, array[who], case when n % 4 = 0 then 'pending' else 'approved' end,
          case when n % 4 > 0 then who end, case when n % 4 > 0 then timestamptz '2026-11-01' end
        from generate_series(${first}, ${last}) n, lateral (select gen_random_uuid() as who where n > 0) w;
      commit`),
    );
  });
  afterAll(() => slice.close());

  /** The statements that the list really sends, under the application's role and row-level security. */
  const plansOf = async (grant: string, raw: Record<string, string>): Promise<string[]> => {
    const sent: { text: string; values: unknown[] }[] = [];
    const actor = anActor([grant], { teams: [team] });
    const db = slice.db;
    const listening = {
      query: (text: string, values: unknown[] = []) => (sent.push({ text, values }), db.query(text, values)),
    };
    const queries = new ApprovalsQueries(listening as unknown as Database, slice.get(Clock), slice.get(HiddenRequests));
    return slice.as(actor, async () => {
      const page = await queries.queue(actor, parseListQuery(raw, ApprovalQueue));
      expect(page.data).toHaveLength(20);
      const plans = sent.map(({ text, values }) =>
        db.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers off) ${text}`, values),
      );
      return (await Promise.all(plans)).map((rows) => rows.map((row) => row['QUERY PLAN']).join('\n'));
    });
  };

  it.each([
    ['whoever may decide on all', 'approvals:decide_all', {}],
    ['a team’s approver', 'approvals:decide_team', {}],
    ['a cursor', ApprovalPermissions.decide.name + '_all', { cursor: '' }],
  ])('is read from its index in its order for %s', async (_, grant, raw) => {
    const [rows] = await plansOf(grant, raw);
    expect(rows).toContain('Index Scan using approval_requests_queue');
    expect(rows).not.toContain('Sort');
    expect(rows).not.toContain('Seq Scan on approval_requests');
  });

  it('goes on at a cursor from the index', async () => {
    const actor = anActor([ApprovalPermissions.decide]);
    const queries = slice.get(ApprovalsQueries);
    const first = await slice.as(actor, () =>
      queries.queue(actor, parseListQuery({ cursor: '', limit: '20' }, ApprovalQueue)),
    );
    const [rows] = await plansOf('approvals:decide_all', { cursor: first.meta.nextCursor! });
    expect(rows).toContain('approval_requests_queue');
    expect(rows).not.toContain('Seq Scan on approval_requests');
  });
});
