import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SignedIn, signIn } from '@app/auth/testing';
import { FileStore } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { fillEveryTable, tablesOfTenants } from './testing/every-table.js';
import { build, World } from './testing/world.js';

type Line = {
  kind: string;
  table: string;
  row: Record<string, unknown>;
  counts: Record<string, number>;
  sha256: string;
};

type Manifest = { rows: { counts: Record<string, number>; sha256: string }; files: object };

/** Columns that sound as if they opened something, and were looked at: they do not. */
const HARMLESS = [
  'custom_fields.key', // the name that values stand under
  ...['approval_requests.content_hash', 'audit_checkpoints.key_id', 'audit_log.sealed', 'mail_attachments.hash'],
  ...[
    'audit_seals.after_hash',
    'audit_seals.before_hash',
    'audit_seals.row_hash',
    'audit_seals.salt',
    'audit_seals.sealed_at',
  ],
  'leads.mail_hash',
  ...['mail_deliveries.raw_hash', 'mail_threads.key', 'mails.content_hash', 'mails.raw_hash'],
  ...['exports.hash', 'import_keys.key', 'import_rows.code', 'imports.hash'],
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
    await fillEveryTable(slice, ours.id);
  });
  beforeEach(async () => {
    admin = await signIn(slice, { tenantId: ours.id, grants: ['tenants:export'] });
  });
  afterAll(() => slice?.close());

  async function take(path: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${admin.token}` };
    const answer = await slice.app.inject({ method: 'GET', url: `/api/v1/tenants/current/${path}`, headers });
    expect(answer.statusCode).toBe(200);
    return answer.rawPayload;
  }

  async function exported(): Promise<{ text: string; lines: Line[] }> {
    const text = (await take('export')).toString();
    const lines = text.trim().split('\n');
    return { text, lines: lines.map((one) => JSON.parse(one) as Line) };
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
    const kept = contexts.flatMap(({ keptBack }) => keptBack ?? []);
    const platforms = ['deliveries', 'idempotency', 'outbox', 'schedules', 'tenant_holds', 'search_documents'];
    const due = (await tablesOfTenants(slice)).filter((table) => !platforms.includes(table) && !kept.includes(table));
    expect(Object.keys(counts).filter((table) => counts[table]! > 0)).toEqual(due);
    expect(counts).toMatchObject({ customers: 73, inquiries: 73, responses: 145, users: 5 });
    expect(text).not.toContain('faraway');
    expect(text).not.toContain(theirs.id);
  });

  it('is whole by its own word', async () => {
    const { text, lines } = await exported();
    const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
    expect(lines.at(-1)!.sha256).toBe(createHash('sha256').update(before).digest('hex'));
  });

  it('is an archive with its files too, each named by the hash of its bytes, and says which are damaged', async () => {
    const store = slice.get(FileStore);
    const texts = ['a photograph', '', 'x'.repeat(200_000), 'to be damaged'];
    const stored: string[] = [];
    for (const text of texts) stored.push((await slice.as(admin.actor, () => store.put(Buffer.from(text)))).hash);
    const stranger = await signIn(slice, { tenantId: theirs.id });
    const { hash: foreign } = await slice.as(stranger.actor, () => store.put(Buffer.from('of the neighbours')));
    const damaged = stored.at(-1)!;
    const path = join(slice.config.STORAGE_DIR, ours.id, damaged.slice(0, 2), damaged.slice(2, 4), damaged);
    await writeFile(path, 'has been damaged');
    const directory = await mkdtemp(join(tmpdir(), 'nexus-export-'));
    try {
      const { status } = spawnSync('tar', ['-xf', '-', '-C', directory], { input: await take('export.tar') });
      expect(status).toBe(0);
      const read = (name: string) => readFile(join(directory, name));
      expect((await readdir(join(directory, 'files'))).sort()).toEqual([...stored].sort());
      expect(stored).not.toContain(foreign);
      for (const [index, text] of texts.slice(0, -1).entries())
        expect((await read(`files/${stored[index]}`)).toString()).toBe(text);
      const { rows, files } = JSON.parse((await read('manifest.json')).toString()) as Manifest;
      const bytes = 12 + 0 + 200_000 + 'has been damaged'.length;
      expect(files).toEqual({ count: 4, bytes, damaged: [damaged] });
      const hash = createHash('sha256');
      for (const [table, count] of Object.entries(rows.counts)) {
        const parts = (await readdir(join(directory, 'rows', table))).sort();
        const content = Buffer.concat(await Promise.all(parts.map((part) => read(join('rows', table, part)))));
        hash.update(content);
        expect({ table, count: content.toString().split('\n').length - 1 }).toEqual({ table, count });
      }
      expect(rows.sha256).toBe(hash.digest('hex'));
      expect(Object.keys(rows.counts)).toEqual(Object.keys((await exported()).lines.at(-1)!.counts));
    } finally {
      await rm(directory, { recursive: true });
    }
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

  it.each(['export', 'export.tar'])('is on record, and needs its permission and a fresh proof: %s', async (way) => {
    const told =
      "select from audit_log where tenant_id = $1 and entity = 'tenants' and action = 'exported' and actor_id = $2";
    await take(way);
    expect((await slice.superuser.query(told, [ours.id, admin.userId])).rowCount).toBe(1);
    const path = `/api/v1/tenants/current/${way}`;
    const clerk = await signIn(slice, { tenantId: ours.id, grants: ['tenants:manage'] });
    expect((await slice.http('GET', path, { token: clerk.token })).body.permission).toBe('tenants:export');
    const late = await signIn(slice, { tenantId: ours.id, grants: ['tenants:export'] });
    await slice.superuser.query("update sessions set proven_at = now() - interval '11 minutes' where id = $1", [
      late.sessionId,
    ]);
    expect((await slice.http('GET', path, { token: late.token })).body.code).toBe('step_up_required');
  });
});
