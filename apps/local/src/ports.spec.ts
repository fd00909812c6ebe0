import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { claimPorts, freePort } from './ports.js';
import { birthOf } from './processes.js';

const servers: Server[] = [];

function occupy(port: number, host: string): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
}

describe('a free port', () => {
  afterEach(() => Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))));

  it('is the preferred one when nobody has it', async () => {
    const port = await freePort();
    expect(await freePort(port)).toBe(port);
  });

  it.each(['127.0.0.1', '0.0.0.0'])('is a later one when somebody listens on %s', async (host) => {
    const port = await freePort();
    await occupy(port, host);
    expect(await freePort(port)).toBeGreaterThan(port);
  });

  it('is claimed once, however many want it at the same moment and though nobody listens on it yet', async () => {
    const port = await freePort();
    const claims = await Promise.all(Array.from({ length: 4 }, () => claimPorts(port, port)));
    const ports = claims.flatMap((claim) => claim.ports);
    expect(new Set(ports).size).toBe(8);
    expect(ports).toContain(port);
    for (const { release } of claims) release();
    const again = await claimPorts(port);
    expect(again.ports).toEqual([port]);
    again.release();
  });

  it('is none that another process has claimed, and its own where it is preferred', async () => {
    const port = await freePort();
    const claim = join(tmpdir(), `nexus-ports-${userInfo().uid}`, String(port), 'stack.json');
    mkdirSync(join(claim, '..'), { recursive: true });
    writeFileSync(claim, JSON.stringify({ pid: process.ppid, birth: birthOf(process.ppid) }));
    expect(await freePort(port)).toBeGreaterThan(port);
    rmSync(claim);
    const { ports, release } = await claimPorts(port);
    expect([ports, await freePort(port)]).toEqual([[port], port]);
    release();
  });
});
