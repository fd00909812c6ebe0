import { AuthFacade } from '@app/auth';
import type { Config, LoadedContexts } from '@app/platform';
import { withApplication } from './application.js';

/** What `POST /auth/register` asks of the first user of a production install; it opens nothing once there is one. */
export function bootstrapToken(config: Config, contexts: LoadedContexts): Promise<string[]> {
  return withApplication(config, contexts, (app) =>
    Promise.resolve([app.get(AuthFacade, { strict: false }).bootstrapToken]),
  );
}
