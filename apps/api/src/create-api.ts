import { readFileSync } from 'node:fs';
import {
  buildDocument,
  type Config,
  createHttpApp,
  type LoadedContexts,
  serveQueueBoard,
  serveSwagger,
} from '@app/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import { demoLogins, describeApi } from './api-description.js';

const root = new URL('../../../../', import.meta.url); // of the built file, which stands in dist/apps/api/src
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };

/** The API, ready to listen. `connect: false` for its description alone: no database, no Redis. */
export async function createApi(
  config: Config,
  contexts: LoadedContexts,
  connect = true,
): Promise<NestFastifyApplication> {
  const app = await createHttpApp(ApiModule.of(config, contexts, connect), config);
  if (connect) await serveQueueBoard(app);
  if (config.SWAGGER_ENABLED) {
    const document = buildDocument(app, describeApi(contexts, version));
    serveSwagger(app, document, config.DEMO ? demoLogins : [], config.DEMO_PASSWORD);
  }
  return app;
}

export const apiDocument = (app: NestFastifyApplication, contexts: LoadedContexts) =>
  buildDocument(app, describeApi(contexts, version));
