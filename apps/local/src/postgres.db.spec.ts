import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertOwn, ClusterInUse, type Postgres, startPostgres } from './postgres.js';
import { isAlive } from './processes.js';
import { makeFolder } from './identity.js';

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let root: string;
  let dataDir: string;
  let server: Postgres;
  const start = (): Promise<Postgres> => startPostgres({ dataDir, durable: false });

  beforeAll(async () => {
    makeFolder('/tmp/nexus-local-specs');
    root = mkdtempSync('/tmp/nexus-local-specs/postgres-');
    dataDir = join(root, 'deep', 'data');
    chmodSync(root, 0o755);
    server = await start();
  });
  afterAll(async () => {
    await server.stop();
    await rm(root, { recursive: true, force: true });
  });

  it('answers with version 18, in UTF-8, sorted by code point whatever the machine speaks', async () => {
    const [row] = await ask(
      server.superuserUrl,
      `SELECT datlocprovider AS provider, datlocale AS locale, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = 'postgres'`,
    );
    expect(row).toEqual({ provider: 'b', locale: 'C.UTF-8', encoding: 'UTF8' });
    expect(server.version).toMatch(/^18\./);
  });

  it('refuses a wrong password', async () => {
    const url = server.superuserUrl.replace(/:[^:@]+@/, ':wrong@');
    await expect(ask(url, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('keeps the password where only its owner can read it', () => {
    expect(statSync(join(dataDir, 'nexus.superuser')).mode & 0o777).toBe(0o600);
  });

  it('does not start a second server on the same folder', async () => {
    await expect(start()).rejects.toThrow(ClusterInUse);
  });

  it('is not mistaken for a server that keeps its data elsewhere', async () => {
    await expect(assertOwn(server.superuserUrl, root)).rejects.toThrow('keeps its data in');
  });

  it('keeps its data over a stop, and leaves no process behind', async () => {
    await ask(server.superuserUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    server = await start();
    expect(await ask(server.superuserUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('starts although a pid file names a process that lives, but is not a PostgreSQL', async () => {
    await server.stop();
    writeFileSync(join(dataDir, 'postmaster.pid'), `${process.pid}\n${dataDir}\n`);
    server = await start();
    expect(await ask(server.superuserUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('explains a folder of another major version', async () => {
    const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8');
    await server.stop();
    writeFileSync(join(dataDir, 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 17');
    writeFileSync(join(dataDir, 'PG_VERSION'), version);
    server = await start();
  });
});
