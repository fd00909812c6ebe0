import type { Config, LoadedContexts } from '@app/platform';
import { loadDemo } from '../demo/demo.js';
import { withApplication } from './application.js';

/** Loads the demo. Says who may log in, one line each: the local stack shows them. */
export async function seed(config: Config, contexts: LoadedContexts): Promise<string[]> {
  if (config.NODE_ENV === 'production') throw new Error('The demo data is not for production');
  const people = await withApplication(config, contexts, (app) =>
    loadDemo(app, config.DEMO_PASSWORD ?? 'Nexus-Demo-1'),
  );
  return people.map(({ email, role }) => `account ${email} ${role}`);
}
