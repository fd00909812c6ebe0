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
import nexus from '../../../package.json' with { type: 'json' };
import { demoLogins, describeApi } from './api-description.js';

const { version } = nexus;

/** The API, ready to listen. `connect: false` for its description alone: no database, no Redis. */
export async function createApi(
  config: Config,
  contexts: LoadedContexts,
  connect = true,
): Promise<NestFastifyApplication> {
  const app = await createHttpApp(ApiModule.of(config, contexts, connect), config);
  if (connect) await serveQueueBoard(app);
  if (config.SWAGGER_ENABLED) {
    serveSwagger(app, () => apiDocument(app, contexts), config.DEMO ? demoLogins : [], config.DEMO_PASSWORD);
  }
  return app;
}

export const apiDocument = (app: NestFastifyApplication, contexts: LoadedContexts) =>
  buildDocument(app, describeApi(contexts, version));
