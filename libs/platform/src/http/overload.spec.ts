import { setTimeout as wait } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shedWhenOverloaded } from './overload.js';
import { toProblem } from './problem.js';

const busyFor = (milliseconds: number): void => {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
};

describe('A process that is asked too much', () => {
  let fastify: FastifyInstance;
  beforeEach(() => {
    fastify = Fastify();
    shedWhenOverloaded(fastify, 50);
    fastify.setErrorHandler((error, { url, id }, reply) => {
      const { problem, retryAfterSeconds } = toProblem(error, url, id);
      void reply.status(problem.status).header('retry-after', retryAfterSeconds).send(problem);
    });
    fastify.get('/work', () => 'done');
    fastify.get('/health/ready', () => 'ready');
  });
  afterEach(() => fastify.close());

  const statusOf = async (url: string): Promise<number> => (await fastify.inject({ url })).statusCode;
  /** Every turn of the loop is a long one. */
  const overload = async (): Promise<void> => {
    const until = performance.now() + 1300;
    while (performance.now() < until) {
      busyFor(100);
      await wait(0);
    }
  };

  it('turns requests away while it is late, answers its probes, and takes requests again once it is in time', async () => {
    expect((await fastify.inject({ url: '/work' })).statusCode).toBe(200);
    await overload();
    const { statusCode, headers } = await fastify.inject({ url: '/work' });
    expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
    expect(await statusOf('/health/ready')).toBe(200);
    await expect.poll(() => statusOf('/work'), { timeout: 3000 }).toBe(200);
  });

  it('is not put off by one long turn', async () => {
    busyFor(600);
    await wait(0);
    expect(await statusOf('/work')).toBe(200);
  });
});
