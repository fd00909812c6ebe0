import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { Migrator, platformMigrations } from '@app/platform';
import {
  anActor,
  bootSlice,
  createTestDatabase,
  fillWithRows,
  OTHER_TENANT,
  type Slice,
  TENANT,
} from '@app/platform/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailContext } from './index.js';

const TABLES = [
  'imap_polls',
  'imap_sources',
  'imap_uids',
  'mail_attachments',
  'mail_deliveries',
  'mail_threads',
  'mailboxes',
  'mails',
];

describe('The tables of mail', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, mailContext] });
    await slice.superuser.query("set session_replication_role = 'replica'"); // no audit of a hundred thousand rows
    await fillWithRows(slice.superuser, ['mails'], 40_000, (first, last) =>
      slice.superuser.query(
        `insert into mails (tenant_id, id, raw_hash, size, state, from_address, received_at, decision, decided_at)
       select t.id, gen_random_uuid(), md5(t.id::text || n) || md5('x' || n), 100, 'parsed', 'user' || n % 5000 || '@example.org',
         timestamptz '2026-01-01' + n * interval '1 minute', 'new', now()
       from generate_series($2::int, $3::int) n, unnest($1::uuid[]) t(id)`,
        [[TENANT, OTHER_TENANT], first, last],
      ),
    );
  });
  afterAll(() => slice?.close());

  const inTenant = <T>(work: () => Promise<T>) => slice.as(anActor(), work);
  const plan = (sql: string, values: unknown[]) =>
    inTenant(async () => {
      const rows = await slice.db.query<{ 'QUERY PLAN': string }>(`explain ${sql}`, values);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    });

  it.each([
    [
      'mails_by_receipt',
      'select id from mails m where m.tenant_id = $1 order by m.received_at desc, m.id desc limit 21',
      [],
    ],
    [
      'mails_of_sender',
      'select 1 from mails where tenant_id = $1 and from_address = $2 and received_at > $3 limit 30',
      ['user7@example.org', '2026-01-02'],
    ],
    ['mails_raw_is_unique', 'select id from mails where tenant_id = $1 and raw_hash = $2', ['a'.repeat(64)]],
    ['mails_by_message_id', 'select 1 from mails where tenant_id = $1 and effective_message_id = $2', ['<a@b>']],
    [
      'mails_unfinished',
      "select id from mails m where m.tenant_id = $1 and m.state = 'quarantined' order by m.received_at desc limit 21",
      [],
    ],
  ])('answer from the index %s under row-level security', async (index, sql, values) => {
    const answered = await plan(sql, [TENANT, ...values]);
    expect(answered).toContain(index);
    expect(answered).not.toContain('Seq Scan');
  });

  it('find what an IMAP server still owes, and what is to be marked, without reading what is done', async () => {
    const [mailbox, folder] = [newId(), [TENANT, 1]];
    await slice.superuser.query(
      `insert into mailboxes (tenant_id, id, address, name) values ('${TENANT}', '${mailbox}', 'a@acme.example', 'A');
       insert into imap_sources (tenant_id, id, host, port, security, username, password, folder, interval_seconds, marks_seen)
         values ('${TENANT}', '${mailbox}', 'x', 993, 'tls', 'x', 'x', 'INBOX', 60, true);
       insert into imap_polls (tenant_id, id) values ('${TENANT}', '${mailbox}');
       insert into imap_uids (tenant_id, mailbox_id, uid_validity, uid, state, stored_at)
         select '${TENANT}', '${mailbox}', 1, n, 'stored', now() from generate_series(1, 20000) n;
       analyze imap_uids`,
    );
    const of = 'tenant_id = $1 and uid_validity = $2 and mailbox_id = $3';
    const owed = "state = 'listed' and is_listed and tries = 0 order by uid limit 50";
    expect(await plan(`select uid from imap_uids where ${of} and ${owed}`, [...folder, mailbox])).toContain(
      'imap_uids_open',
    );
    const toMark = 'is_to_mark and is_listed order by uid limit 500';
    expect(await plan(`select uid from imap_uids where ${of} and ${toMark}`, [...folder, mailbox])).toContain(
      'imap_uids_to_mark',
    );
  });

  it.each(TABLES)('keep %s apart by tenant, forced', async (table) => {
    const { rows } = await slice.superuser.query(
      'select relrowsecurity, relforcerowsecurity from pg_class where relname = $1',
      [table],
    );
    expect(rows).toEqual([{ relrowsecurity: true, relforcerowsecurity: true }]);
    const foreign = await inTenant(() =>
      slice.db.query(`select 1 from ${table} where tenant_id = $1 limit 1`, [OTHER_TENANT]),
    );
    expect(foreign).toEqual([]);
  });

  it('hold no row that points into another tenant', async () => {
    const [{ id }] = (await slice.superuser.query('select id from mails where tenant_id = $1 limit 1', [OTHER_TENANT]))
      .rows;
    const insert = inTenant(() =>
      slice.db.transaction(() =>
        slice.db.query(
          `insert into mail_attachments (id, mail_id, position, filename, mime_type, kind, size, is_inline, hash)
           values (gen_random_uuid(), $1, 1, 'x', 'x/x', 'file', 1, false, 'x')`,
          [id],
        ),
      ),
    );
    await expect(insert).rejects.toMatchObject({ constraint: 'mail_attachments_mail' });
  });

  const writtenAt = ({ name }: { name: string }): number => Number(name.slice(-13));

  it('go and come again by their migration', async () => {
    const needed = [...authContexts, mailContext].flatMap((context) => context.migrations);
    const migrations = [...platformMigrations, ...needed];
    const database = await createTestDatabase(migrations);
    const migrator = new Migrator(database.ownerUrl, migrations);
    const client = new pg.Client(database.superuserUrl);
    await client.connect();
    const standing = async () =>
      (await client.query('select relname from pg_class where relname = any($1) order by 1', [TABLES])).rows.length;
    const first = Math.min(...needed.map(writtenAt));
    await migrator.rollback(migrations.filter((one) => writtenAt(one) >= first).length);
    expect(await standing()).toBe(0);
    await migrator.migrate();
    expect(await standing()).toBe(TABLES.length);
    await client.end();
  });
});
