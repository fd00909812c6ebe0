import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { DESK_TABLES } from './desk-rows.mjs';
import { built, CHECKOUT, inCheckout, say, secondsSince } from './places.mjs';
import { environment } from './processes.mjs';
import { HELPERS, TABLES } from './rows.mjs';
import { NEIGHBOURS, SEARCH_TABLES, SEARCH_TENANTS } from './search-rows.mjs';

const { Migrator, platformMigrations, prepareDatabase } = await built('libs/platform/src/index.js');
const { contexts } = await built('apps/contexts.js');

const migrations = [...platformMigrations, ...contexts.flatMap((context) => context.migrations)];
const run = promisify(execFile);

/**
 * The rows that the bars are quoted for, over two tenants, a million customers of each of two tenants for the plans and the
 * export, a desk that is far behind in one tenant, and a million records of ten tenants to be searched.
 */
export const SIZES = {
  bench: { customers: 100_000, inquiries: 200_000, responses: 300_000 },
  million: { customers: 2_000_000, inquiries: 200_000, responses: 300_000 },
  desk: { officers: 50, customers: 20_000, closed: 100_000, open: 200_000, approvals: 100_000 },
  search: { customers: 600_000, inquiries: 400_000 },
};
export const PASSWORD = 'Nexus-Bench-1';
const BUSINESS = { tenants: ['demo', 'acme'], tables: TABLES };
const CONTENTS = {
  bench: BUSINESS,
  million: BUSINESS,
  desk: { tenants: ['demo'], tables: DESK_TABLES },
  search: { tenants: SEARCH_TENANTS, tables: SEARCH_TABLES, before: NEIGHBOURS },
};

/** A database with all the rows, made once and never written to: runs work on copies of it. Answers its name. */
export async function pristine(servers, size, fresh) {
  const name = `pristine_${size}`;
  const stamp = stampOf(size);
  const { rows } = await servers.asSuperuser('postgres', (client) =>
    client.query("select shobj_description(oid, 'pg_database') as stamp from pg_database where datname = $1", [name]),
  );
  if (rows[0]?.stamp === stamp && !fresh) return name;
  await generate(servers, name, size);
  await servers.asSuperuser('postgres', (client) => client.query(`comment on database ${name} is '${stamp}'`));
  return name;
}

/** What the rows were made from: they are made again when the schema or their own statements have changed. */
function stampOf(size) {
  const hash = createHash('sha256').update(JSON.stringify([SIZES[size], HELPERS, CONTENTS[size].tables]));
  const libraries = inCheckout('dist/libs');
  const files = readdirSync(libraries, { recursive: true }).filter((file) => /migrations\W\d+.*\.js$/.test(file));
  for (const file of files.sort()) hash.update(readFileSync(join(libraries, file)));
  return hash.digest('hex');
}

async function generate(servers, name, size) {
  const began = performance.now();
  await drop(servers, name);
  const urls = await urlsOf(servers, name);
  await new Migrator(urls.owner, migrations).migrate();
  await seed(servers, urls);
  await servers.asSuperuser(name, (client) => fill(client, SIZES[size], CONTENTS[size]));
  say('rows', `made in ${secondsSince(began)} s, kept for the next runs`);
}

async function seed(servers, urls) {
  const env = {
    ...environment(servers, urls, { api: 0, worker: 0 }),
    NODE_ENV: 'development',
    DEMO_PASSWORD: PASSWORD,
  };
  await run(process.execPath, [inCheckout('dist/cli.js'), 'seed'], { cwd: CHECKOUT, env });
}

/** Triggers and foreign keys are left out (the rows are made to satisfy them), indexes and checks are not. */
async function fill(client, sizes, { tenants, tables, before }) {
  await client.query('set session_replication_role = replica');
  await client.query("set maintenance_work_mem = '512MB'");
  await client.query(HELPERS);
  if (before) await client.query(before);
  for (const { table, sql, of } of tables) {
    const began = performance.now();
    for (const slug of tenants) {
      const { rows } = await client.query('select id from tenants where slug = $1', [slug]);
      await client.query(sql, of ? [rows[0].id, sizes[of] / tenants.length] : [rows[0].id]);
    }
    say('rows', `${table}, ${secondsSince(began)} s`);
  }
  await client.query('vacuum (analyze)');
  await client.query('checkpoint');
}

/** A copy to work on, as it stands on disk. */
export async function copyOf(servers, template, name) {
  await drop(servers, name);
  await servers.asSuperuser('postgres', (client) =>
    client.query(`create database ${name} template ${template} owner nexus_owner strategy file_copy`),
  );
  return urlsOf(servers, name);
}

const drop = (servers, name) =>
  servers.asSuperuser('postgres', (client) =>
    client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
  );

async function urlsOf({ postgres, secrets }, database) {
  const passwords = { migrator: secrets.MIGRATOR_PASSWORD, app: secrets.APP_PASSWORD };
  const { ownerUrl, appUrl } = await prepareDatabase({ superuserUrl: postgres.superuserUrl, database, passwords });
  return { owner: ownerUrl, app: appUrl };
}
