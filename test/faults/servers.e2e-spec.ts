import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../support/nexus.js';
import { checked, Load, WORKER_SILENCE_SECONDS } from './load.js';
import { OwnServers } from './own-servers.js';

/** Each fault strikes in the middle of work; afterwards nothing is lost and nothing has happened twice. */
describe('servers that die in the middle of the work', () => {
  let servers: OwnServers;
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    servers = await OwnServers.start();
    nexus = await Nexus.start({ apis: 1, workers: 2, env: { WORKER_SILENCE_SECONDS } });
    admin = await nexus.login('admin');
  });
  afterAll(async () => {
    await nexus.stop();
    await servers.stop();
  });

  it('F6: Redis is killed, and loses what it may lose', async () => {
    const load = new Load(admin).start();
    for (let round = 0; round < 3; round++) {
      await load.more(20);
      await servers.crashRedis();
    }
    await load.more(20);
    await checked(nexus, load);
  });

  it('F7: Redis is emptied: everything unfinished is rebuilt from PostgreSQL', async () => {
    const load = new Load(admin).start();
    const redis = new Redis(servers.redis.url);
    for (let round = 0; round < 3; round++) {
      await load.more(20);
      await redis.flushall();
    }
    redis.disconnect();
    await checked(nexus, load);
  });

  it('F9: PostgreSQL is killed: answers are problems, the pool heals, nothing acknowledged is lost', async () => {
    const load = new Load(admin).start();
    for (let round = 0; round < 2; round++) {
      await load.more(20);
      await nexus.superuser.end().catch(() => undefined);
      await servers.crashPostgres();
      await nexus.reconnect();
      await load.more(20);
    }
    await checked(nexus, load);
    const body = await admin.get('customers?limit=1');
    expect(body.status).toBe(200);
  });
});

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(mayMount)('a full disk under PostgreSQL', () => {
  let servers: OwnServers;
  let nexus: Nexus;
  beforeAll(async () => {
    servers = await OwnServers.start({ roomMib: 500 });
    nexus = await Nexus.start({ env: { WORKER_SILENCE_SECONDS } });
  });
  afterAll(async () => {
    await nexus?.stop();
    await servers?.stop();
  });

  it('F15: what needs room is refused as a problem, reads go on, and all goes on once there is room', async () => {
    const admin = await nexus.login('admin');
    const load = new Load(admin).start();
    await load.more(10);
    await servers.fillDisk();
    await expect.poll(() => load.faults.length, { timeout: 30_000 }).toBeGreaterThan(5);
    expect(load.faults.map(({ status, body }) => [status, body.code])).toEqual(
      load.faults.map(() => [503, 'unavailable']),
    );
    expect((await admin.get('customers?limit=1')).status).toBe(200);
    await servers.freeDisk();
    await load.more(20);
    await checked(nexus, load);
  });
});
