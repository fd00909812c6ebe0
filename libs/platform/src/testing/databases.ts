import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { MigrationClass } from '../database/migrator.js';
import { prepareDatabase } from '../database/prepare.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
// Known passwords: several test processes prepare the same roles at once.
const PASSWORDS = { migrator: 'test-migrator', app: 'test-app' };

const given = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: integration tests run under their vitest project's global setup`);
  return value;
};

const named = (database: string): string => {
  const url = new URL(given('NEXUS_TEST_POSTGRES'));
  url.pathname = `/${database}`;
  return url.toString();
};

async function withSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(named('postgres'));
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The migrations' text decides the template's name: a changed migration makes a new template. */
function templateName(migrations: readonly MigrationClass[]): string {
  const hash = createHash('sha256').update(migrations.map(String).join());
  const helpers = ['migrating.ts', 'searchable.ts'].map((file) => resolve(ROOT, 'libs/platform/src/database', file));
  for (const file of [...helpers, ...migrationFiles()]) hash.update(readFileSync(file));
  return `nexus_tpl_${hash.digest('hex').slice(0, 16)}`;
}

function migrationFiles(): string[] {
  const folders = readdirSync(resolve(ROOT, 'libs')).map((lib) => resolve(ROOT, 'libs', lib, 'migrations'));
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((file) => resolve(folder, file)),
    );
}

async function ensureTemplate(client: pg.Client, migrations: readonly MigrationClass[]): Promise<string> {
  const name = templateName(migrations);
  await once(client, name, async () => {
    const { ownerUrl } = await prepareDatabase({
      superuserUrl: named('postgres'),
      database: name,
      passwords: PASSWORDS,
    });
    const { Migrator } = await import('../database/migrator.js'); // TypeORM is large, and not everybody migrates
    await new Migrator(ownerUrl, migrations).migrate();
  });
  return name;
}

/** Whoever asks first makes the template, with whatever a run that was killed left of it out of the way. */
async function once(client: pg.Client, template: string, make: () => Promise<unknown>): Promise<void> {
  await client.query('select pg_advisory_lock(hashtext($1))', [template]);
  const { rows } = await client.query<{ datistemplate: boolean }>(
    'select datistemplate from pg_database where datname = $1',
    [template],
  );
  if (!rows[0]?.datistemplate) {
    await client.query(`drop database if exists ${template} with (force)`);
    await make();
    await client.query(`alter database ${template} is_template true`);
  }
  await client.query('select pg_advisory_unlock(hashtext($1))', [template]);
}

/** It stays until the run ends: see `dropDatabases`. */
export type TestDatabase = { name: string; superuserUrl: string; ownerUrl: string; appUrl: string };

const OF_RUNS = 'nexus_run_';
const ofThisRun = (name: string): string => `${OF_RUNS}${given('NEXUS_TEST_RUN')}_${name}`;

let made = 0;
const nextName = (): string => ofThisRun(`${process.pid}_${++made}`);

/** A migrated database of one's own: a clone of the template, in some 30 ms. */
export function createTestDatabase(migrations: readonly MigrationClass[]): Promise<TestDatabase> {
  return withSuperuser(async (client) => cloneOf(client, await ensureTemplate(client, migrations), nextName()));
}

/**
 * A copy of what `fill` made of an empty database, once for all that ask for it under this name in one run: the next run
 * fills anew, for the times in it are of its run.
 */
export function createFilledDatabase(
  name: string,
  fill: (database: TestDatabase) => Promise<unknown>,
): Promise<TestDatabase> {
  const filled = ofThisRun(name);
  return withSuperuser(async (client) => {
    await once(client, filled, async () => {
      await prepareDatabase({ superuserUrl: named('postgres'), database: filled, passwords: PASSWORDS });
      await fill(describe(filled));
    });
    const clone = await cloneOf(client, filled, nextName());
    // a copied sequence believes that its next 32 values are in the log already: a crash would give them out again
    await client.query('checkpoint');
    return clone;
  });
}

/**
 * All of this run or, where nobody else uses the server, of every run. Only then, not when a test is done with one: ext4
 * looks at every file that was deleted in the last half minute before it makes one, and a database has hundreds, so that
 * a clone would take ten times as long.
 */
export async function dropDatabases({ ofEveryRun = false } = {}): Promise<void> {
  await withSuperuser(async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [ofEveryRun ? OF_RUNS : ofThisRun('')],
    );
    await Promise.all(Array.from({ length: DROPPED_AT_ONCE }, () => withSuperuser((each) => dropEach(each, rows))));
  });
}

const DROPPED_AT_ONCE = 4;

async function dropEach(client: pg.Client, left: { datname: string }[]): Promise<void> {
  for (let next = left.pop(); next; next = left.pop()) {
    await client.query(`alter database ${next.datname} is_template false`);
    await client.query(`drop database ${next.datname} with (force)`);
  }
}

/** Copied file by file: without fsync that takes a third of the time that the log of every page takes. */
async function cloneOf(client: pg.Client, template: string, name: string): Promise<TestDatabase> {
  await client.query(`create database ${name} template ${template} strategy file_copy`);
  return describe(name);
}

function describe(name: string): TestDatabase {
  const as = (user: string, password: string): string => {
    const url = new URL(named(name));
    url.username = user;
    url.password = password;
    return url.toString();
  };
  return {
    name,
    superuserUrl: named(name),
    ownerUrl: as('nexus_migrator', PASSWORDS.migrator),
    appUrl: as('nexus_app', PASSWORDS.app),
  };
}

/** What is left to do, as a superuser sees it. Times are rounded to milliseconds: what is due at once may be due in half of one. */
export const OPEN_WORK = `select s.pending::int + (select count(*)::int from outbox o where o.published_at is null
    and o.run_at > clock_timestamp() and o.run_at < clock_timestamp() + interval '5 milliseconds') as pending, s.open::int
  from outbox_stats() s`;

/** Of this run, gone with it: what its processes share beside the servers. */
export const folderOfTheRun = (): string => given('NEXUS_TEST_FOLDER');

export type TestRedis = { url: string; release(): Promise<void> };

const REDIS_DATABASES = 15; // beside the one that keeps the claims

/** An empty Redis database that nobody else uses: two that share one would take each other's jobs. */
export async function claimTestRedis(): Promise<TestRedis> {
  const base = given('NEXUS_TEST_REDIS').replace(/\/\d*$/, '');
  const claims = new Redis(`${base}/0`);
  try {
    for (;;) {
      for (let index = 1; index <= REDIS_DATABASES; index++) {
        if (!(await claims.set(claimOf(index), process.pid, 'EX', 600, 'NX'))) continue;
        await claims.multi().select(index).flushdb().exec();
        return { url: `${base}/${index}`, release: () => releaseTestRedis(base, index) };
      }
      await wait(200);
    }
  } finally {
    claims.disconnect();
  }
}

const claimOf = (index: number): string => `nexus-test-claim:${index}`;

async function releaseTestRedis(base: string, index: number): Promise<void> {
  const claims = new Redis(`${base}/0`);
  await claims.del(claimOf(index)).catch(() => undefined); // a test may have ended its Redis
  claims.disconnect();
}
