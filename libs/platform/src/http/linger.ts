import type { FastifyInstance, FastifyRequest } from 'fastify';

/** How much, and how long, is read and thrown away of a body that was refused before it had come in whole. */
export const LINGER_BYTES = 64 * 1024 * 1024;
export const LINGER_SECONDS = 15;
const LOOK_EVERY_MS = 250;

/**
 * Who is refused while still sending must be able to read why. A connection that is closed over unread data is reset, and
 * the reset overtakes the answer (RFC 9112, section 9.6): so the rest of the body is read and dropped first, within bounds.
 */
export function lingerOverUnreadBodies(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (request.raw.complete === false) {
      void reply.removeHeader('connection'); // Fastify's `close`; on a kept connection Node itself drops the rest
      dropWithinBounds(request);
    }
    done(null, payload);
  });
}

function dropWithinBounds({ raw }: FastifyRequest): void {
  const { socket } = raw;
  const until = performance.now() + LINGER_SECONDS * 1000;
  const most = socket.bytesRead + LINGER_BYTES;
  const look = setInterval(() => {
    if (raw.complete || socket.destroyed) clearInterval(look);
    else if (socket.bytesRead > most || performance.now() > until) socket.destroy();
  }, LOOK_EVERY_MS).unref();
}
