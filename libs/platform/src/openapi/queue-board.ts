import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { getQueueToken } from '@nestjs/bull';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Queue } from 'bull';
import { DELIVERIES } from '../events/index.js';
import { toProblem } from '../http/problem.js';
import { OperatorUnknown, QueueBoardDoor } from './queue-board-door.js';

const PATH = '/queues';
/** The board's pages: a package of its own, beside that of the board. */
const pages = (): string =>
  dirname(
    createRequire(createRequire(import.meta.url).resolve('@bull-board/api')).resolve('@bull-board/ui/package.json'),
  );

/** The queue UI. It stands outside of Nest's routes, so it asks for the token itself. */
export async function serveQueueBoard(app: NestFastifyApplication): Promise<void> {
  const board = new FastifyAdapter();
  createBullBoard({
    queues: [new BullAdapter(app.get<Queue>(getQueueToken(DELIVERIES), { strict: false }), { readOnlyMode: true })],
    serverAdapter: board as never,
    options: { uiBasePath: pages() },
  });
  board.setBasePath(PATH);
  const door = new QueueBoardDoor(app);
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      try {
        await door.admit(request.headers);
      } catch (error) {
        const { problem } = toProblem(error, PATH, request.id);
        if (error instanceof OperatorUnknown) void reply.header('WWW-Authenticate', error.challenge);
        await reply
          .status(problem.status)
          .header('content-type', 'application/problem+json')
          .send(JSON.stringify(problem));
      }
    });
    await scope.register(board.registerPlugin() as never, { prefix: PATH });
  });
}
