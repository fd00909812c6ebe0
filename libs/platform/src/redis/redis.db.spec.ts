import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { claimTestRedis, type TestRedis } from '../testing/databases.js';
import { SilentProxy } from '../testing/silent-proxy.js';
import { RedisConnections } from './redis.js';

describe('A Redis that falls silent', () => {
  let claimed: TestRedis;
  let proxy: SilentProxy;
  let redis: RedisConnections;
  beforeAll(async () => {
    claimed = await claimTestRedis();
    proxy = await SilentProxy.to(claimed.url);
    redis = new RedisConnections(aConfig({ REDIS_URL: proxy.url }));
    await redis.settle();
  });
  afterAll(async () => {
    await redis?.close();
    await proxy?.close();
    await claimed?.release();
  });

  it('fails what waits on it, soon, and is asked anew once it is back', async () => {
    expect(await redis.commands.ping()).toBe('PONG');
    proxy.silence();
    const began = Date.now();
    await expect(redis.commands.get('anything')).rejects.toThrow();
    expect(Date.now() - began).toBeLessThan(2_500);
    proxy.mend();
    await expect.poll(() => redis.commands.ping().catch(() => undefined), { timeout: 5_000 }).toBe('PONG');
  });
});
