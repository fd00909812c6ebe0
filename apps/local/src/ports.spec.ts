import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, freePorts } from './ports.js';

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

  it('is not given out twice in one breath', async () => {
    const port = await freePort();
    const [first, second] = await freePorts(port, port);
    expect(second).toBeGreaterThan(first as number);
  });
});
