import type { Slice } from '@app/platform/testing';

const TABLES = `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;
const COLUMNS = `select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '' order by a.attnum`;
const CHECKS = `select conrelid::regclass as table, quote_ident(conname) as name from pg_constraint
  where contype = 'c' and connamespace = 'public'::regnamespace and conislocal`;

/** Something of each type that columns have here; ids are all the tenant's own, so that every foreign key holds. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ uuid: '$1', 'uuid[]': 'array[$1]', text: "'x'", 'text[]': "'{x}'", jsonb: "'[]'", json: "'[]'", bytea: "'x'" },
  ...{ integer: '32000', bigint: '32000', smallint: '32000', 'double precision': '1', numeric: '1', boolean: 'false' },
  ...{ 'timestamp with time zone': 'now()', date: 'now()', tsvector: "'x'", xid8: "'1'", inet: "'::1'" },
};

/** Every table that has a tenant's rows, as the catalog knows them. */
export async function tablesOfTenants({ superuser }: Slice): Promise<string[]> {
  return (await superuser.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);
}

/**
 * One more row of the tenant in each of these tables, past every rule but the keys: a table that comes to be tomorrow has one
 * too. The checks of the database are gone afterwards.
 */
export async function fillEveryTable(slice: Slice, tenantId: string): Promise<void> {
  const { superuser } = slice;
  const checks = await superuser.query<{ table: string; name: string }>(CHECKS);
  for (const { table, name } of checks.rows) await superuser.query(`alter table ${table} drop constraint ${name}`);
  await superuser.query('begin; set local session_replication_role = replica'); // no trigger fires
  for (const table of (await tablesOfTenants(slice)).filter((name) => name !== 'tenants')) {
    const { rows } = await superuser.query<{ name: string; type: string }>(COLUMNS, [table]);
    const values = rows.map(({ name, type }) => {
      if (!VALUES[type]) throw new Error(`Nothing to put into ${table}.${name}, ${type}`);
      return `${VALUES[type]}::${type}`.replaceAll('$1', `'${tenantId}'::uuid`);
    });
    const names = rows.map(({ name }) => `"${name}"`).join(', ');
    await superuser.query(`insert into ${table} (${names}) values (${values.join(', ')}) on conflict do nothing`);
  }
  await superuser.query('commit');
}
