import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { type Client, Nexus } from '../support/nexus.js';
import { checked, Load, WORKER_SILENCE_SECONDS } from './load.js';

/** Each fault strikes in the middle of work; afterwards nothing is lost and nothing has happened twice. */
describe('workers that die in the middle of the work', () => {
  let nexus: Nexus;
  let admin: Client;
  beforeAll(async () => {
    nexus = await Nexus.start({ apis: 1, workers: 2, env: { WORKER_SILENCE_SECONDS } });
    admin = await nexus.login('admin');
  });
  afterAll(() => nexus.stop());
  afterEach(async () => {
    for (const process of nexus.workers) if (!process.isRunning) await process.start();
  });

  it('F3: workers are killed in the middle of jobs', async () => {
    const load = new Load(admin).start(2); // leaves the starting workers some of the machine
    for (let round = 0; round < 4; round++) {
      await load.more(20);
      const worker = nexus.workers[round % 2]!;
      await worker.kill();
      await worker.start();
    }
    await checked(nexus, load);
  });

  it('F3: a worker dies between the effect and its settled delivery', async () => {
    await nexus.worker.stop();
    await nexus.worker.start({ FAILPOINT: 'delivery.handled:2:exit' });
    const load = new Load(admin).start(2);
    await nexus.worker.ended();
    await nexus.worker.start();
    await load.more(10);
    await checked(nexus, load);
  });
});
