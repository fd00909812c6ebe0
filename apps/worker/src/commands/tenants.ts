import { AuthFacade } from '@app/auth';
import type { Config, LoadedContexts } from '@app/platform';
import { withApplication } from './application.js';

type Verb = (auth: AuthFacade, id: string, days: number) => Promise<unknown>;

const DAYS_OF_GRACE = 30;

/** What whoever runs the installation does to a tenant. No route does: nobody of one tenant rules another. */
const VERBS: Readonly<Record<string, Verb>> = {
  suspend: (auth, id) => auth.suspendTenant(id),
  lock: (auth, id) => auth.lockTenant(id),
  resume: (auth, id) => auth.activateTenant(id),
  close: (auth, id, days) => auth.closeTenant(id, days),
  keep: (auth, id) => auth.keepTenant(id),
};
const USAGE = `tenant create <slug> [title], tenant ${Object.keys(VERBS).join('|')} <slug>, tenant close <slug> [days]`;

/** `tenant create acme "Acme Travel"`, `tenant suspend acme`: answers how the tenant stands afterwards. */
export function tenant(
  config: Config,
  contexts: LoadedContexts,
  [verb = '', slug = '', more]: readonly string[],
): Promise<string[]> {
  return withApplication(config, contexts, async (app) => {
    const auth = app.get(AuthFacade, { strict: false });
    const act = VERBS[verb];
    if (verb === 'create' && slug) await auth.createTenant({ slug, title: more ?? slug });
    else if (act && slug) await act(auth, await idOf(auth, slug), daysOf(more));
    else throw new Error(USAGE);
    const found = await auth.tenantNamed(slug);
    return [`${found?.id} ${slug} ${found?.status}`];
  });
}

async function idOf(auth: AuthFacade, slug: string): Promise<string> {
  const found = await auth.tenantNamed(slug);
  if (!found) throw new Error(`There is no tenant ${slug}`);
  return found.id;
}

function daysOf(text: string | undefined): number {
  const days = text === undefined ? DAYS_OF_GRACE : Number(text);
  if (!Number.isInteger(days) || days < 0 || days > 3650) throw new Error(USAGE);
  return days;
}
