import { connect, type AddressInfo, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LINGER_BYTES, lingerOverUnreadBodies } from './linger.js';

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'a');
const head = (length: number): string =>
  `POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

describe('A body that is refused while it is sent', () => {
  let fastify: FastifyInstance;
  let socket: Socket;
  let answers: string;
  let ended: string | undefined;
  beforeEach(async () => {
    fastify = Fastify({ bodyLimit: MEBIBYTE.length });
    lingerOverUnreadBodies(fastify);
    fastify.post('/', () => 'taken');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    socket = connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    [answers, ended] = ['', undefined];
    socket.on('data', (chunk) => (answers += chunk.toString()));
    socket
      .on('error', (error: NodeJS.ErrnoException) => (ended ??= error.code))
      .on('close', () => (ended ??= 'closed'));
  });
  afterEach(async () => {
    socket.destroy();
    await fastify.close();
  });

  /** Mebibytes, one after the other has gone out. */
  const send = async (count: number): Promise<void> => {
    for (let n = 0; n < count && !ended; n++) await new Promise((done) => socket.write(MEBIBYTE, done));
  };

  it('is answered, read to its end, and leaves a connection that serves the next request', async () => {
    socket.write(head(30 * MEBIBYTE.length));
    await send(1);
    await expect.poll(() => answers).toContain('HTTP/1.1 413');
    await send(29);
    socket.write(`${head(2)}{}`);
    await expect.poll(() => answers).toContain('taken');
    expect(ended).toBeUndefined();
  });

  it('is cut off where it has no end', async () => {
    const most = LINGER_BYTES / MEBIBYTE.length;
    socket.write(head(100 * LINGER_BYTES));
    await send(20 * most);
    expect(ended).toBeDefined();
    expect(answers).toContain('HTTP/1.1 413');
  });
});
