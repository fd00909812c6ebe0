import { type ContextDefinition, Migrator, platformMigrations, prepareDatabase, readDatabaseUrls } from '@app/platform';

/** Makes roles and database with the names and passwords of DATABASE_URL and DATABASE_OWNER_URL. */
export async function prepare(): Promise<string[]> {
  const urls = readDatabaseUrls();
  if (!urls.app || !urls.superuser)
    throw new Error('prepare needs DATABASE_URL and DATABASE_SUPERUSER_URL beside DATABASE_OWNER_URL');
  const app = new URL(urls.app);
  const owner = new URL(urls.owner);
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
