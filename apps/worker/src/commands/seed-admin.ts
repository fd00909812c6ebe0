import { AuthFacade } from '@app/auth';
import type { Config, LoadedContexts } from '@app/platform';
import { withApplication } from './application.js';

/** Makes the first administrator, who must choose another password at the first login. */
export function seedAdmin(config: Config, contexts: LoadedContexts): Promise<string[]> {
  return withApplication(config, contexts, async (app) => {
    const { created, email, password } = await app.get(AuthFacade, { strict: false }).seedAdmin();
    if (!created) return ['There are users already: an administrator among them creates others'];
    return [`account ${email} Administrator`, `password ${password}`, 'It must be changed at the first login.'];
  });
}
