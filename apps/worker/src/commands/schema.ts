import { type ContextDefinition, Migrator, platformMigrations, prepareDatabase, readDatabaseUrls } from '@app/platform';

const ROLES = { app: 'nexus_app', owner: 'nexus_migrator' } as const;

/** Makes the roles with the passwords of DATABASE_URL and DATABASE_OWNER_URL, and the database that these name. */
export async function prepare(): Promise<string[]> {
  const urls = readDatabaseUrls();
  if (!urls.app || !urls.superuser)
    throw new Error('prepare needs DATABASE_URL and DATABASE_SUPERUSER_URL beside DATABASE_OWNER_URL');
  const app = new URL(urls.app);
  const owner = new URL(urls.owner);
  // grants and policies name the roles, so they are called the same everywhere
  if (app.username !== ROLES.app || owner.username !== ROLES.owner)
    throw new Error(`DATABASE_URL must name the role ${ROLES.app}, and DATABASE_OWNER_URL ${ROLES.owner}`);
  const database = decodeURIComponent(app.pathname.slice(1));
  await prepareDatabase({
    superuserUrl: urls.superuser,
    database,
    passwords: { migrator: decodeURIComponent(owner.password), app: decodeURIComponent(app.password) },
  });
  return [`prepared ${database}`];
}

const migrator = (contexts: readonly ContextDefinition[]): Migrator =>
  new Migrator(readDatabaseUrls().owner, [...platformMigrations, ...contexts.flatMap(({ migrations }) => migrations)]);

export async function migrate(contexts: readonly ContextDefinition[]): Promise<string[]> {
  const applied = await migrator(contexts).migrate();
  return applied.length ? applied.map((name) => `applied ${name}`) : ['nothing is pending'];
}

export async function rollback(contexts: readonly ContextDefinition[]): Promise<string[]> {
  await migrator(contexts).rollback();
  return ['took the last migration back'];
}
