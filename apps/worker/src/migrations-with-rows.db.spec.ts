import { Migrator, platformMigrations } from '@app/platform';
import { createTestDatabase, type TestDatabase } from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../contexts.js';
import { idOf, put, ROWS_OF_BEFORE } from './testing/rows-of-before.js';

const LAST_OF_BEFORE = '1764000500000';
const migrations = [...platformMigrations, ...contexts.flatMap((context) => [...context.migrations])];
const isOfBefore = ({ name }: { name: string }): boolean => name.slice(-13) <= LAST_OF_BEFORE;

type Row = Readonly<Record<string, unknown>>;
type Rows = Readonly<Record<string, readonly Row[]>>;

describe('A database that was filled before', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let migrator: Migrator;
  let before: Rows;
  beforeAll(async () => {
    database = await createTestDatabase(migrations.filter(isOfBefore));
    client = new pg.Client(database.superuserUrl);
    await client.connect();
    await put(client, ROWS_OF_BEFORE);
    before = await allRows();
    migrator = new Migrator(database.ownerUrl, migrations);
  });
  afterAll(async () => {
    await client?.end();
  });

  /** Every row of every table; of those given, as far as they have these columns. */
  async function allRows(known?: Rows): Promise<Rows> {
    const names = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migrations' order by 1",
    );
    const found: Record<string, Row[]> = {};
    for (const { name } of names.rows.filter((table) => !known || table.name in known)) {
      const { rows } = await client.query<{ row: Row }>(`select to_jsonb(t) as row from ${name} t`);
      const columns = known?.[name]?.[0] && Object.keys(known[name][0]);
      const like = ({ row }: { row: Row }): Row =>
        columns ? Object.fromEntries(columns.map((column) => [column, row[column]])) : row;
      found[name] = rows.map(like).sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    }
    return found;
  }

  /** The trail may grow: a migration that changes rows is on record. */
  async function asBefore(): Promise<Rows> {
    const { audit_log: trail = [], ...rows } = await allRows(before);
    const known = new Set(before.audit_log?.map(({ id }) => id));
    return { ...rows, audit_log: trail.filter(({ id }) => known.has(id)) };
  }

  const unchecked = async (): Promise<string[]> =>
    (
      await client.query<{ name: string }>(
        "select conname as name from pg_constraint where not convalidated and connamespace = 'public'::regnamespace",
      )
    ).rows.map(({ name }) => name);

  const back = (): Promise<void> => migrator.rollback(migrations.filter((one) => !isOfBefore(one)).length);

  /** A tenant that let nobody in is locked from then on. */
  const asAfter = (rows: Rows): Rows => ({
    ...rows,
    tenants: (rows.tenants ?? []).map((tenant) =>
      tenant.status === 'suspended' ? { ...tenant, status: 'locked' } : tenant,
    ),
  });
  const statesOf = (table: string): number => new Set(before[table]?.map(({ status, state }) => status ?? state)).size;

  it('holds something of every table and state', () => {
    const due = { inquiries: 8, responses: 10, approval_requests: 6, messages: 7, mails: 6, inquiry_clocks: 5 };
    expect(Object.fromEntries(Object.keys(due).map((table) => [table, statesOf(table)]))).toEqual(due);
  });

  it('has the same rows after every migration, after all of them are taken back, and once more', async () => {
    expect(await migrator.migrate()).toHaveLength(migrations.filter((one) => !isOfBefore(one)).length);
    expect(await asBefore()).toEqual(asAfter(before));
    expect(await unchecked()).toEqual([]);
    await back();
    expect(await asBefore()).toEqual(before);
    await migrator.migrate();
    expect(await asBefore()).toEqual(asAfter(before));
    expect(await unchecked()).toEqual([]);
  });

  it('can be taken back and brought forward with what only came to be after', async () => {
    await put(client, rowsOfAfter());
    const after = await asBefore();
    await back();
    await migrator.migrate();
    expect(await unchecked()).toEqual([]);
    const known = new Set(ROWS_OF_BEFORE.map(([, { id }]) => id));
    const left = await asBefore();
    for (const table of Object.keys(before).filter((name) => name !== 'audit_log'))
      expect(left[table]?.filter(({ id }) => known.has(id))).toEqual(after[table]?.filter(({ id }) => known.has(id)));
    expect(left.inquiries).toHaveLength(after.inquiries!.length);
    expect(left.responses).toHaveLength(after.responses!.length);
  });
});

/** States and rows that did not exist before. */
function rowsOfAfter(): [string, Row][] {
  const tenant = idOf('north');
  const id = (name: string): string => idOf(`north ${name}`);
  const of = (name: string, row: Row): Row => ({ tenant_id: tenant, id: id(name), ...row });
  const closing = idOf('closing');
  const [now, then] = ['2026-02-01T09:00:00.000Z', '2026-03-01T09:00:00.000Z'];
  return [
    ['tenants', { tenant_id: closing, id: closing, slug: 'closing', title: 'x', status: 'closing', delete_at: then }],
    [
      'users',
      of('glass', { email: 'glass@north.example', first_name: 'Eve', password_hash: 'x', is_break_glass: true }),
    ],
    ['mailboxes', of('private', { address: 'hr@north.example', name: 'HR', message_visibility: 'participants' })],
    [
      'inquiry_messages',
      of('secret', {
        ...{ inquiry_id: id('resolved'), seq: 1, direction: 'in', body: 'x', at: now, visibility: 'participants' },
        named: [id('ada')],
      }),
    ],
    [
      'responses',
      of('stale answer', {
        ...{ inquiry_id: id('open'), customer_id: id('lead'), message: 'x', revision: 1, content_hash: 'h' },
        ...{ status: 'held', hold_reason: 'facts_changed', stale_facts: [], responded_by: id('ada'), editors: [] },
      }),
    ],
    [
      'approval_requests',
      of('helped', {
        ...{ subject_kind: 'x', subject_id: id('helped'), revision: 1, content_hash: 'h', title: 'x' },
        ...{ requested_by: id('ada'), excluded: [id('ada')], approver_kind: 'users_or_team', relief_scope: 'team' },
      }),
    ],
    ['inquiry_watchers', of('watch', { inquiry_id: id('open'), user_id: id('ada'), added_by: id('ada') })],
    [
      'side_conversations',
      of('aside', {
        ...{ inquiry_id: id('open'), subject: 'x', recipients: [{ address: 'x@supplier.example' }] },
        ...{ message_count: 1, last_message_at: now, started_by: id('ada') },
      }),
    ],
    [
      'side_messages',
      of('remark', {
        ...{ side_conversation_id: id('aside'), seq: 1, direction: 'out', body: 'x', author_id: id('ada') },
        ...{ outgoing_id: id('letter'), delivery: 'sent', at: now },
      }),
    ],
    [
      'mails',
      of('answer aside', {
        ...{ raw_hash: 'ab'.repeat(32), size: 1, state: 'routed', decision: 'reply', decided_at: now },
        ...{ received_at: now, side_conversation_id: id('aside') },
      }),
    ],
    [
      'mails',
      of('mail of a lead', {
        ...{ raw_hash: 'cd'.repeat(32), size: 1, state: 'routed', decision: 'new', decided_at: now },
        ...{ received_at: now, lead_id: id('somebody new') },
      }),
    ],
    ['macros', of('macro', { name: 'Hello', body: 'Hello', created_by: id('ada'), writers: [id('ada')] })],
    [
      'satisfaction_surveys',
      of('survey', { inquiry_id: id('open'), token_hash: '\\x01', asked_at: now, expires_at: then }),
    ],
    [
      'sso_providers',
      of('provider', {
        ...{ name: 'x', issuer: 'https://x.example', client_id: 'x', scopes: 'openid' },
        ...{ is_enabled: true, is_required: false, provisions: true },
      }),
    ],
    ['sso_domains', { tenant_id: tenant, provider_id: id('provider'), domain: 'north.example' }],
  ];
}
