import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Unavailable } from '@app/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Beyond this, on average, each turn of the loop keeps everybody waiting: what comes now would only wait longer. */
const MOST_DELAY_MS = 1000;
const LOOK_EVERY_MS = 500;
const RESOLUTION_MS = 20;
const PROBES = /\/(?:health|metrics)(?:\/|$|\?)/;

class Overloaded extends Unavailable {
  constructor() {
    super('overloaded', 'More is asked of this process than it can answer in time', { retryAfterSeconds: 2 });
  }
}

/**
 * Turns requests away, cheaply and with the time to come back, while the event loop is late by more than it may be: so
 * that those that were accepted are answered, and memory does not grow with those that wait. Probes are always answered.
 */
export function shedWhenOverloaded(fastify: FastifyInstance, mostDelayMs = MOST_DELAY_MS): void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let looksTooLate = 0; // twice in a row: one long turn, of a garbage collection or a sleeping laptop, is over by itself
  const look = setInterval(() => {
    looksTooLate = delay.mean / 1e6 > mostDelayMs ? looksTooLate + 1 : 0;
    delay.reset();
  }, LOOK_EVERY_MS).unref();
  fastify.addHook('onRequest', (request: FastifyRequest, _reply, done) =>
    looksTooLate >= 2 && !PROBES.test(request.url) ? done(new Overloaded()) : done(),
  );
  fastify.addHook('onClose', (_instance, done) => {
    clearInterval(look);
    delay.disable();
    done();
  });
}
