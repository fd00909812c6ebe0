import { createBullBoard } from '@bull-board/api';
import { BullAdapter } from '@bull-board/api/bullAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import { Forbidden } from '@app/kernel';
import { getQueueToken } from '@nestjs/bull';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Queue } from 'bull';
import { Authenticator, BadCredential, readCredential, Standings } from '../access/index.js';
import { Config } from '../config/index.js';
import { DELIVERIES, QueuePermissions } from '../events/index.js';
import { toProblem } from '../http/problem.js';

const PATH = '/queues';

class QueuesForbidden extends Forbidden {
  constructor() {
    super('permission_missing', `This needs the permission ${QueuePermissions.manage.name}`, {
      permission: QueuePermissions.manage.name,
    });
  }
}

/** The queue UI, for whoever may manage queues. It stands outside of Nest's routes, so it asks for the token itself. */
export async function serveQueueBoard(app: NestFastifyApplication): Promise<void> {
  const board = new FastifyAdapter();
  createBullBoard({
    queues: [new BullAdapter(app.get<Queue>(getQueueToken(DELIVERIES), { strict: false }), { readOnlyMode: true })],
    serverAdapter: board as never,
  });
  board.setBasePath(PATH);
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      try {
        await admit(app, request.headers);
      } catch (error) {
        const { problem } = toProblem(error, PATH, request.id);
        await reply
          .status(problem.status)
          .header('content-type', 'application/problem+json')
          .send(JSON.stringify(problem));
      }
    });
    await scope.register(board.registerPlugin() as never, { prefix: PATH });
  });
}

async function admit(
  app: NestFastifyApplication,
  headers: Record<string, string | string[] | undefined>,
): Promise<void> {
  const credential = readCredential(headers, app.get(Config).AUTH_ALLOW_RAW_JWT);
  if (!credential) throw new BadCredential();
  const ticket = await app.get(Authenticator, { strict: false }).read(credential);
  const { caller } = await app.get(Standings, { strict: false }).find(ticket, []);
  if (!caller) throw new BadCredential();
  if (!caller.actor.can(QueuePermissions.manage)) throw new QueuesForbidden();
}
