import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from './processes.js';
import { findRedis, redisAdvice } from './redis-binary.js';
import { type Redis, startRedis } from './redis.js';

async function ask<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

describe('Redis of the local stack', () => {
  let dir: string;
  let server: Redis;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'nexus-redis-'));
    server = await startRedis({ dir, persistent: true });
  });
  afterAll(async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('never evicts: a job that vanished for want of memory would be lost work', async () => {
    expect(await ask(server.url, (client) => client.config('GET', 'maxmemory-policy'))).toContain('noeviction');
  });

  it('keeps what it was told over a stop, and leaves no process behind', async () => {
    await ask(server.url, (client) => client.set('kept', 'yes'));
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
    server = await startRedis({ dir, persistent: true });
    expect(await ask(server.url, (client) => client.get('kept'))).toBe('yes');
  });

  it('gets a port of its own beside another one', async () => {
    const other = await startRedis({ dir: join(dir, 'other'), port: server.port, persistent: false });
    await other.stop();
    expect(other.port).not.toBe(server.port);
    expect(existsSync(join(dir, 'other', 'appendonlydir'))).toBe(false);
  });
});

describe('the search for a Redis', () => {
  const program = (name: string, mode: number): string => {
    const folder = mkdtempSync(join(tmpdir(), 'nexus-path-'));
    writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, name), mode);
    return folder;
  };

  it('takes a Valkey where there is no Redis', () => {
    const folder = program('valkey-server', 0o755);
    expect(findRedis(`/nowhere:${folder}`)).toBe(join(folder, 'valkey-server'));
  });

  it('prefers a Redis further down the path', () => {
    const redis = program('redis-server', 0o755);
    expect(findRedis(`${program('valkey-server', 0o755)}:${redis}`)).toBe(join(redis, 'redis-server'));
  });

  it('passes over a file that is not executable', () => {
    expect(findRedis(program('redis-server', 0o644))).toBeUndefined();
  });

  it.each([
    ['darwin', 'brew install redis'],
    ['linux', 'apt-get install redis-server'],
  ] as const)('tells a person on %s what to type', (platform, command) => {
    expect(redisAdvice(platform)).toContain(command);
  });
});
