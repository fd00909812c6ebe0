import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { platformMigrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../testing/databases.js';
import { createTenantTable, dropTables } from './migrating.js';
import { Migrator } from './migrator.js';
import { dropSearchable, keepSearchable } from './searchable.js';

class Ships1763700000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const columns = `id uuid not null, name text not null, harbour text, log text, phone text, crew int not null default 1,
      deleted_at timestamptz, created_at timestamptz not null default now()`;
    await createTenantTable(q, 'ships', columns, { audit: false, because: 'it is of a test' });
  }

  down = (q: QueryRunner): Promise<void> => dropTables(q, 'ships');
}

class ShipsAreFound1764999999999 implements MigrationInterface {
  up = (q: QueryRunner): Promise<void> =>
    keepSearchable(q, {
      kind: 'ships',
      columns: ['name', 'harbour', 'log', 'phone', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.name',
      subtitle: 'r.harbour',
      body: 'r.log',
      keys: 'search_phone_keys(r.phone)',
    });

  down = (q: QueryRunner): Promise<void> => dropSearchable(q, 'ships');
}

/** As tables were made searchable at first: one trigger writes what is new as well, row by row. */
class BoatsByRow1764002100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const columns =
      'id uuid not null, name text not null, deleted_at timestamptz, created_at timestamptz not null default now()';
    await createTenantTable(q, 'boats', columns, { audit: false, because: 'it is of a test' });
    const boats = {
      kind: 'boats',
      columns: ['name', 'deleted_at'],
      isPresent: 'r.deleted_at is null',
      title: 'r.name',
    };
    await keepSearchable(q, boats);
    await q.query('drop function boats_keep_new_search_documents() cascade');
    await q.query('drop trigger search_document on boats');
    await q.query(`create trigger search_document after insert or delete or update of name, deleted_at on boats
      for each row execute function boats_keep_search_document()`);
  }

  down = async (q: QueryRunner): Promise<void> => {
    await dropSearchable(q, 'boats');
    await dropTables(q, 'boats');
  };
}

const [OURS, THEIRS] = ['01920000-0000-7000-8000-00000000000a', '01920000-0000-7000-8000-00000000000b'];
const idOf = (n: number): string => `01920000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;

describe('What is searchable', () => {
  let database: TestDatabase;
  let superuser: pg.Client;
  let app: pg.Client;
  const before = [...platformMigrations, Ships1763700000001];

  beforeAll(async () => {
    database = await createTestDatabase(before);
    [superuser, app] = [new pg.Client(database.superuserUrl), new pg.Client(database.appUrl)];
    await Promise.all([superuser.connect(), app.connect()]);
    await superuser.query(
      `insert into ships (tenant_id, id, name, harbour, deleted_at) values ($1, $3, 'Ariadne', 'Naxos', null), ($2, $4, 'Ariadne', null, null),
        ($1, $5, 'Sunk', null, now())`,
      [OURS, THEIRS, idOf(1), idOf(2), idOf(3)],
    );
    await new Migrator(database.ownerUrl, [...before, ShipsAreFound1764999999999]).migrate();
  });
  beforeEach(() => app.query("select set_config('app.tenant_id', $1, false)", [OURS]));
  afterAll(async () => {
    await Promise.all([superuser?.end(), app?.end()]);
  });

  const put = (n: number, name: string, log: string | null = null): Promise<unknown> =>
    app.query('insert into ships (id, name, log, phone) values ($1, $2, $3, $4)', [idOf(n), name, log, '+49 30 555']);
  const documentOf = async (n: number) =>
    (
      await superuser.query<{ title: string; words: string; form: string; body: string; xmin: string }>(
        'select *, xmin from search_documents where kind = $1 and id = $2',
        ['ships', idOf(n)],
      )
    ).rows[0];

  it('is what was there already, of every tenant, but for the trash', async () => {
    const { rows } = await superuser.query('select tenant_id, id, title, subtitle from search_documents order by id');
    expect(rows).toEqual([
      { tenant_id: OURS, id: idOf(1), title: 'Ariadne', subtitle: 'Naxos' },
      { tenant_id: THEIRS, id: idOf(2), title: 'Ariadne', subtitle: null },
    ]);
  });

  it('is kept in the transaction that writes the record, and gone with it', async () => {
    await app.query('begin');
    await put(10, 'Never');
    await app.query('rollback');
    expect(await documentOf(10)).toBeUndefined();
    await put(11, 'Ever');
    expect(await documentOf(11)).toMatchObject({ title: 'Ever' });
    await app.query('delete from ships where id = $1', [idOf(11)]);
    expect(await documentOf(11)).toBeUndefined();
  });

  it('leaves with the trash, and comes back out of it', async () => {
    await put(12, 'Flying Dutchman');
    await app.query('update ships set deleted_at = now() where id = $1', [idOf(12)]);
    expect(await documentOf(12)).toBeUndefined();
    await app.query('update ships set deleted_at = null where id = $1', [idOf(12)]);
    expect(await documentOf(12)).toMatchObject({ title: 'Flying Dutchman' });
  });

  it('is written again only where it says something else', async () => {
    await put(13, 'Vasa');
    const first = await documentOf(13);
    await app.query('update ships set crew = 2 where id = $1', [idOf(13)]);
    await app.query("update ships set name = 'Vasa' where id = $1", [idOf(13)]);
    expect(await documentOf(13)).toEqual(first);
    await app.query("update ships set name = 'Wasa' where id = $1", [idOf(13)]);
    expect(await documentOf(13)).toMatchObject({ title: 'Wasa', form: 'wasa' });
  });

  it('holds words as they are looked for, and keys that no text can pretend to be', async () => {
    await put(14, "L'Été =49 O'Brien\\", 'a-b:c &| 01.2');
    const { rows } = await superuser.query<{ lexeme: string }>(
      'select lexeme from search_documents d, unnest(d.words) where d.id = $1 order by lexeme collate "C"',
      [idOf(14)],
    );
    expect(rows.map(({ lexeme }) => lexeme)).toEqual([
      '01',
      '2',
      '49',
      '=30555',
      '=4930555',
      '=555',
      '=930555',
      'a',
      'b',
      'brien',
      'c',
      'ete',
      'l',
      'o',
    ]);
  });

  it.each([
    ['no word at all', '&|!()', ''],
    ['a word without an end', 'x'.repeat(5_000), ''],
    ['more text than is searched', 'Long', 'lorem ipsum '.repeat(20_000)],
    ['more words than a document has places for', 'Many', Array.from({ length: 3_000 }, (_, n) => `w${n}`).join(' ')],
    ['signs of every kind', '\u{1F6A2}\u202e\u0301\u200d\u00a0', '\u{10FFFF}\uFDFD'],
  ])('can be %s', async (_, name, log) => {
    await put(15, name, log);
    expect(await documentOf(15)).toMatchObject({ title: name });
    expect((await documentOf(15))?.body?.length ?? 0).toBeLessThanOrEqual(10_000);
    await app.query('delete from ships where id = $1', [idOf(15)]);
  });

  it('is read and written within one’s tenant alone', async () => {
    await app.query("select set_config('app.tenant_id', $1, false)", [THEIRS]);
    expect((await app.query('select id from search_documents')).rows).toEqual([{ id: idOf(2) }]);
    const foreign = app.query(
      `insert into search_documents (tenant_id, kind, id, title, words, created_at) values ($1, 'ships', $2, 'x', '', now())`,
      [OURS, idOf(20)],
    );
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
  });

  it('is kept by the statement also in a table that kept it row by row before', async () => {
    const database = await createTestDatabase([...platformMigrations, BoatsByRow1764002100000]);
    const client = new pg.Client(database.superuserUrl);
    await client.connect();
    const triggers = await client.query(
      `select tgname as name, tgtype & 1 = 1 as by_row from pg_trigger where tgrelid = 'boats'::regclass and tgname ~ '^search' order by 1`,
    );
    expect(triggers.rows).toEqual([
      { name: 'search_document', by_row: true },
      { name: 'search_document_of_new', by_row: false },
    ]);
    const titles = async () => (await client.query('select title from search_documents order by 1')).rows;
    await client.query(
      `insert into boats (tenant_id, id, name, deleted_at) values ($1, $2, 'Ark', null), ($1, $3, 'Sunk', now()), ($1, $4, 'Bark', null)`,
      [OURS, idOf(1), idOf(2), idOf(3)],
    );
    expect(await titles()).toEqual([{ title: 'Ark' }, { title: 'Bark' }]);
    await client.query('update boats set deleted_at = case when deleted_at is null then now() end');
    expect(await titles()).toEqual([{ title: 'Sunk' }]);
    await client.end();
  });

  it('is taken back without a trace', async () => {
    await new Migrator(database.ownerUrl, [...before, ShipsAreFound1764999999999]).rollback();
    expect((await superuser.query('select from search_documents')).rowCount).toBe(0);
    await put(21, 'Of nobody’s search');
    expect(await documentOf(21)).toBeUndefined();
  });
});
