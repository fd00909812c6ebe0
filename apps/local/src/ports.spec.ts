import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { claimPorts, freePort } from './ports.js';

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
});
