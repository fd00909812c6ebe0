import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Client, Nexus } from '../support/nexus.js';
import { checked, Load, WORKER_SILENCE_SECONDS } from './load.js';

/** Each fault strikes in the middle of work; afterwards nothing is lost and nothing has happened twice. */
describe('an API that ends in the middle of the work', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    // as in production: a stopping process still accepts while balancers notice, and asks its clients to connect anew
    nexus = await Nexus.start({
      apis: 1,
      workers: 2,
      env: { SHUTDOWN_DELAY_SECONDS: '1', WORKER_SILENCE_SECONDS },
    });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());
  afterEach(async () => {
    if (!nexus.api.isRunning) await nexus.api.start();
  });

  it('F1: the API is killed in the middle of requests', async () => {
    const load = new Load(admin).start();
    for (let round = 0; round < 3; round++) {
      await load.more(20);
      await nexus.api.kill();
      const started = Date.now();
      await nexus.api.start();
      expect(Date.now() - started).toBeLessThan(10_000);
    }
    await checked(nexus, load);
  });

  it('F17: restarts under load drop no accepted request', async () => {
    const { api } = nexus;
    const failures: string[] = [];
    let served = 0;
    let running = true;
    // as a balancer does: what is not ready gets nothing new, what was ready a moment ago answers what it got
    const isReady = () =>
      fetch(`http://127.0.0.1:${api.port}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    const balancer = (async () => {
      while (running) {
        if (!(await isReady())) {
          await wait(20);
          continue;
        }
        await admin.get('customers?limit=5').then(
          ({ status, body }) => (status === 200 ? served++ : failures.push(JSON.stringify(body))),
          ({ cause }: Error) => failures.push(String(cause)),
        );
      }
    })();
    for (let round = 0; round < 3; round++) {
      await wait(400);
      expect(await api.stop()).toBe(0);
      await api.start();
    }
    running = false;
    await balancer;
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(20);
  });
});
