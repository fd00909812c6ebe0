import { NotFound, Unauthenticated } from '@app/kernel';
import { describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

const TOKEN = 'm4Rk7Tq2Vw9Xz1Bn6Cp8Ds3Fg5Hj0LaE';

const read = (env: NodeJS.ProcessEnv, authorization?: string): Promise<string> =>
  Promise.resolve().then(() => new MetricsController(new Metrics(), aConfig(env)).read(authorization));

describe('Access to the metrics', () => {
  it('is open outside production without a token', async () => {
    await expect(read({})).resolves.toContain('process_cpu_seconds_total');
  });

  it('is closed in production without a token', async () => {
    await expect(read({ NODE_ENV: 'production' })).rejects.toThrow(NotFound);
    await expect(read({ NODE_ENV: 'production' }, 'Bearer undefined')).rejects.toThrow(NotFound);
  });

  it.each(['test', 'production'])('is by the token where there is one, in %s', async (NODE_ENV) => {
    const env = { NODE_ENV, METRICS_TOKEN: TOKEN };

    await expect(read(env, `Bearer ${TOKEN}`)).resolves.toContain('process_cpu_seconds_total');
    for (const wrong of [undefined, '', TOKEN, `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, 'Bearer ']) {
      await expect(read(env, wrong)).rejects.toThrow(Unauthenticated);
    }
  });
});
