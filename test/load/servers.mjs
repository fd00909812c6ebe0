import { join } from 'node:path';
import pg from 'pg';
import { built, CHECKOUT, say } from './places.mjs';

const { startPostgres } = await built('apps/local/src/postgres.js');
const { startRedis } = await built('apps/local/src/redis.js');
const { dataHome } = await built('apps/local/src/places.js');
const { localSecrets } = await built('apps/local/src/secrets.js');
const { makeFolder } = await built('apps/local/src/identity.js');

/** Loaded for both sides alike; they measure nothing until they are told to. */
const LIBRARIES = 'pg_stat_statements, auto_explain';

/**
 * PostgreSQL and Redis of the bench, safe on disk as in production, on data that is kept between runs.
 * `asSuperuser(database, work)` lends a connection past row-level security.
 */
export async function startServers() {
  const home = join(await dataHome(CHECKOUT), 'bench');
  makeFolder(home);
  const postgres = await startMeasured(join(home, 'postgres'));
  const redis = await startRedis({ dir: join(home, 'redis'), persistent: true, tell: (line) => say('redis', line) });
  const urlOf = (database) => withDatabase(postgres.superuserUrl, database);
  return {
    home,
    secrets: localSecrets(home),
    postgres,
    redis,
    log: `${postgres.dataDir}.log`,
    urlOf,
    asSuperuser: (database, work) => withClient(urlOf(database), work),
    stop: () => Promise.all([postgres.stop(), redis.stop()]),
  };
}

/** The libraries are loaded at start only, so a new cluster is told of them and started again. */
async function startMeasured(dataDir) {
  const postgres = await startPostgres({ dataDir, durable: true });
  const isReady = await withClient(postgres.superuserUrl, async (client) => {
    const { rows } = await client.query('show shared_preload_libraries');
    if (rows[0].shared_preload_libraries === LIBRARIES) return true;
    await client.query(`alter system set shared_preload_libraries = ${LIBRARIES}`);
    await client.query("alter system set pg_stat_statements.track = 'none'");
    await client.query("alter system set auto_explain.log_min_duration = '-1'");
    return false;
  });
  if (isReady) return postgres;
  await postgres.stop();
  return startPostgres({ dataDir, durable: true });
}

/** Runs `work` while the settings hold for every connection of the cluster. */
export async function withSettings(client, settings, work) {
  for (const [name, value] of Object.entries(settings))
    await client.query(`alter system set ${name} = ${pg.escapeLiteral(value)}`);
  await reload(client);
  try {
    return await work();
  } finally {
    for (const [name, value] of Object.entries(RESTING))
      await client.query(`alter system set ${name} = ${pg.escapeLiteral(value)}`);
    await reload(client);
  }
}

const RESTING = {
  'pg_stat_statements.track': 'none',
  'auto_explain.log_min_duration': '-1',
  'auto_explain.log_analyze': 'off',
};

/** A signal: each connection reads the new settings before its next statement, a moment later. */
async function reload(client) {
  await client.query('select pg_reload_conf()');
  await client.query('select pg_sleep(0.5)');
}

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url, database) {
  const named = new URL(url);
  named.pathname = `/${database}`;
  return named.toString();
}
