import { randomBytes } from 'node:crypto';
import pg from 'pg';

type Passwords = { migrator?: string; app?: string };

/**
 * Makes the four roles and the database, on a cluster of one's own; safe to run again. `nexus_owner` owns the tables,
 * `nexus_migrator` runs migrations past row-level security, `nexus_app` owns nothing and is bound by it, and
 * `nexus_definer` (no login) owns the functions of the system door.
 */
export async function prepareDatabase(options: {
  superuserUrl: string;
  database: string;
  passwords?: Passwords;
}): Promise<{ ownerUrl: string; appUrl: string }> {
  const passwords = { migrator: options.passwords?.migrator ?? random(), app: options.passwords?.app ?? random() };
  const client = new pg.Client(options.superuserUrl);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('nexus prepare'))");
    await createRoles(client, passwords);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [options.database]);
    if (!rowCount) await client.query(`create database ${pg.escapeIdentifier(options.database)} owner nexus_owner`);
  } finally {
    await client.end();
  }
  await openSchema(options.superuserUrl, options.database);
  const url = (user: string, password: string): string =>
    urlFor(options.superuserUrl, options.database, user, password);
  return { ownerUrl: url('nexus_migrator', passwords.migrator), appUrl: url('nexus_app', passwords.app) };
}

const random = (): string => randomBytes(18).toString('base64url');

function urlFor(base: string, database: string, user: string, password: string): string {
  const url = new URL(base);
  url.username = user;
  url.password = password;
  url.pathname = `/${database}`;
  return url.toString();
}

async function createRoles(client: pg.Client, passwords: Required<Passwords>): Promise<void> {
  const role = async (name: string, attributes: string): Promise<void> => {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    await client.query(`${rowCount ? 'alter' : 'create'} role ${name} ${attributes}`);
  };
  await role('nexus_owner', 'nologin nobypassrls');
  await role('nexus_definer', 'nologin bypassrls');
  await role('nexus_migrator', `login bypassrls password ${pg.escapeLiteral(passwords.migrator)}`);
  await role(
    'nexus_app',
    `login nobypassrls nocreatedb nocreaterole nosuperuser password ${pg.escapeLiteral(passwords.app)}`,
  );
  await client.query('grant nexus_owner, nexus_definer to nexus_migrator');
  // the name and state of the backend that the audit trail waits for; no function of ours reads more
  await client.query('grant pg_read_all_stats to nexus_definer');
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  // Statements here are short and their texts long: to compile one took 300 ms, to run it three.
  const limits = [
    ...["statement_timeout = '10s'", "lock_timeout = '5s'", "idle_in_transaction_session_timeout = '30s'"],
    'jit = off',
  ];
  if ((rows[0]?.version ?? 0) >= 170000) limits.push("transaction_timeout = '60s'");
  for (const limit of limits) await client.query(`alter role nexus_app set ${limit}`);
  await client.query("alter role nexus_migrator set lock_timeout = '10s'");
}

async function openSchema(superuserUrl: string, database: string): Promise<void> {
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client(url.toString());
  await client.connect();
  try {
    for (const extension of ['pg_trgm', 'btree_gin', 'btree_gist', 'unaccent'])
      await client.query(`create extension if not exists ${extension}`);
    await client.query('revoke all on schema public from public');
    await client.query('grant usage, create on schema public to nexus_owner, nexus_migrator, nexus_definer');
    await client.query('grant usage on schema public to nexus_app');
  } finally {
    await client.end();
  }
}
