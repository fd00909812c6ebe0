import type { Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import { Config } from '../config/index.js';
import { Drain } from './drain.js';

/**
 * Tells clients that keep a connection to open another, which a balancer gives to another process. An answer whose head was
 * sent before can't tell them: once the server has stopped listening its connection ends with it, since one that falls
 * idle then would hold the process back until its keep-alive is over.
 */
export function closeConnectionsWhileDraining(app: INestApplication): void {
  const drain = app.get(Drain, { strict: false });
  const server = app.getHttpServer() as Server;
  const open = new Set<ServerResponse>();
  server.prependListener('request', ({ socket }, response) => {
    if (drain.draining) makeLast(response);
    open.add(response);
    response.once('close', () => open.delete(response));
    response.once('finish', () => server.listening || socket.end());
  });
  drain.onBegin(() => open.forEach(makeLast));
}

function makeLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

/** Stops in order, without dropping what was accepted; false when a step failed on the way. */
export async function stopApp(app: INestApplication): Promise<boolean> {
  const drain = app.get(Drain, { strict: false });
  drain.begin();
  await wait(app.get(Config, { strict: false }).SHUTDOWN_DELAY_SECONDS * 1_000);
  const hasStoppedIntake = await drain.run('intake');
  // Before Nest's own close(): its first hooks run while requests are still being served.
  await app.getHttpAdapter().close();
  const hasFinishedWork = await drain.run('work');
  await app.close();
  const hasDisconnected = await drain.run('connections');
  return hasStoppedIntake && hasFinishedWork && hasDisconnected;
}
