import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { Server, ServerOptions } from 'socket.io';
import type { Config } from '../config/index.js';

const LARGEST_MESSAGE = 16 * 1024; // bytes

/**
 * Socket.IO as it is served here. A browser lets any page open a socket anywhere, so the server looks at where the page
 * comes from: from here, or from an origin that may call the API.
 */
export class LiveAdapter extends IoAdapter {
  constructor(
    app: INestApplicationContext,
    private readonly config: Config,
  ) {
    super(app);
  }

  override createIOServer(port: number, options?: ServerOptions): Server {
    const { CORS_ORIGIN: origins } = this.config;
    const ours: Partial<ServerOptions> = {
      serveClient: false,
      maxHttpBufferSize: LARGEST_MESSAGE,
      cors: origins.length ? { origin: origins.includes('*') ? '*' : [...origins] } : undefined,
      allowRequest: (request: IncomingMessage, done: (refusal: string | null, isAllowed: boolean) => void) =>
        mayComeFrom(request, origins) ? done(null, true) : done('origin_not_allowed', false),
    };
    return super.createIOServer(port, { ...options, ...ours } as ServerOptions);
  }
}

function mayComeFrom({ headers }: IncomingMessage, origins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
