import { createHash } from 'node:crypto';
import { type SignedIn, signIn } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { build, World } from './testing/world.js';

type Line = {
  kind: string;
  table: string;
  row: Record<string, unknown>;
  counts: Record<string, number>;
  sha256: string;
};

/** Columns that sound as if they opened something, and were looked at: they do not. */
const HARMLESS = [
  ...['approval_requests.content_hash', 'audit_checkpoints.key_id', 'audit_log.sealed', 'mail_attachments.hash'],
  ...[
    'audit_seals.after_hash',
    'audit_seals.before_hash',
    'audit_seals.row_hash',
    'audit_seals.salt',
    'audit_seals.sealed_at',
  ],
  ...['mail_deliveries.raw_hash', 'mail_threads.key', 'mails.content_hash', 'mails.raw_hash'],
  ...['file_versions.hash', 'imap_polls.error_code', 'passkeys.public_key'],
  ...['response_revisions.content_hash', 'responses.approved_hash', 'responses.content_hash'],
  ...['roles.is_seeded', 'users.must_change_password', 'users.password_changed_at'],
];

describe('GET /tenants/current/export', () => {
  let slice: Slice;
  let admin: SignedIn;
  const [ours, theirs] = [new World('nearby'), new World('faraway')];
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    await build(slice, [ours, theirs]);
    admin = await signIn(slice, { tenantId: ours.id, grants: ['tenants:export'] });
  });
  afterAll(() => slice?.close());

  async function exported(): Promise<{ text: string; lines: Line[] }> {
    const headers = { authorization: `Bearer ${admin.token}` };
    const { statusCode, payload } = await slice.app.inject({
      method: 'GET',
      url: '/api/v1/tenants/current/export',
      headers,
    });
    expect(statusCode).toBe(200);
    const lines = payload.trim().split('\n');
    return { text: payload, lines: lines.map((text) => JSON.parse(text) as Line) };
  }

  it('holds every row of every table of the tenant, once, and none of another', async () => {
    const { text, lines } = await exported();
    const rows = lines.filter(({ kind }) => kind === 'row');
    const places = new Set(rows.map(({ table, row }) => `${table} ${JSON.stringify(row)}`));
    expect(places.size).toBe(rows.length);
    const counts = lines.at(-1)!.counts;
    for (const [table, count] of Object.entries(counts)) {
      const sql = `select count(*)::int as count from ${table} where tenant_id = $1`;
      const stored = (await slice.superuser.query<{ count: number }>(sql, [ours.id])).rows[0]!.count;
      expect({ table, count: rows.filter((one) => one.table === table).length }).toEqual({ table, count });
      expect({ table, stored }).toEqual({ table, stored: count });
    }
    expect(counts).toMatchObject({ customers: 72, inquiries: 72, responses: 144, users: 4 });
    expect(text).not.toContain('faraway');
    expect(text).not.toContain(theirs.id);
  });

  it('is whole by its own word', async () => {
    const { text, lines } = await exported();
    const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
    expect(lines.at(-1)!.sha256).toBe(createHash('sha256').update(before).digest('hex'));
  });

  it('leaves out what opens anything: a column that sounds like it fails here until somebody has looked at it', async () => {
    const { lines } = await exported();
    const { rows } = await slice.superuser.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and column_name ~ '(secret|password|hash|token|seed|salt|key|cipher|seal|code)' and table_name = any ($1)`,
      [Object.keys(lines.at(-1)!.counts)],
    );
    const kept = contexts.flatMap(({ keptBack }) => keptBack ?? []);
    expect(rows.map(({ name }) => name).filter((name) => !kept.includes(name) && !HARMLESS.includes(name))).toEqual([]);
    for (const { table, row } of lines.filter(({ kind }) => kind === 'row'))
      expect(kept.filter((name) => name.startsWith(`${table}.`) && name.slice(table.length + 1) in row)).toEqual([]);
    expect(lines.at(-1)!.counts).not.toHaveProperty('sessions');
  });

  it('is on record, and needs its permission and a fresh proof', async () => {
    await exported();
    const told =
      "select from audit_log where tenant_id = $1 and entity = 'tenants' and action = 'exported' and actor_id = $2";
    expect((await slice.superuser.query(told, [ours.id, admin.userId])).rowCount).toBeGreaterThan(0);
    const path = '/api/v1/tenants/current/export';
    const clerk = await signIn(slice, { tenantId: ours.id, grants: ['tenants:manage'] });
    expect((await slice.http('GET', path, { token: clerk.token })).body.permission).toBe('tenants:export');
    const late = await signIn(slice, { tenantId: ours.id, grants: ['tenants:export'] });
    await slice.superuser.query("update sessions set proven_at = now() - interval '11 minutes' where id = $1", [
      late.sessionId,
    ]);
    expect((await slice.http('GET', path, { token: late.token })).body.code).toBe('step_up_required');
  });
});
