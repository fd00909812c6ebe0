import { loadConfig, resolveContexts, useEnvFile } from '@app/platform';
import { contexts } from '../../contexts.js';
import { migrate, prepare, rollback } from './commands/schema.js';

const USAGE = `node dist/cli.js <command>

  prepare          make the roles and the database, as a superuser (DATABASE_SUPERUSER_URL)
  migrate          apply what is pending (DATABASE_OWNER_URL)
  rollback         take the last migration back
  seed             load the demo data; nothing when it is there, refused in production
  seed-admin       make the first administrator; the password is shown once
  bootstrap-token  what POST /auth/register asks of the first user in production
  audit-verify     check the audit trail of every tenant
  tenant <verb>    create <slug> [title] | suspend <slug> (read-only) | lock <slug> (nobody comes in)
                   | resume <slug> | close <slug> [days] (deleted for good after 30) | keep <slug>
`;

/** Each command answers the lines it has to say. Modules are loaded on demand: migrations need no application. */
const COMMANDS: Record<string, () => Promise<string[]>> = {
  prepare,
  migrate: () => migrate(contexts),
  rollback: () => rollback(contexts),
  seed: async () => (await import('./commands/seed.js')).seed(loadConfig(), resolveContexts(contexts, [])),
  'seed-admin': async () =>
    (await import('./commands/seed-admin.js')).seedAdmin(loadConfig(), resolveContexts(contexts, [])),
  'bootstrap-token': async () =>
    (await import('./commands/bootstrap-token.js')).bootstrapToken(loadConfig(), resolveContexts(contexts, [])),
  'audit-verify': async () =>
    (await import('./commands/audit-verify.js')).auditVerify(loadConfig(), resolveContexts(contexts, [])),
  tenant: async () =>
    (await import('./commands/tenants.js')).tenant(loadConfig(), resolveContexts(contexts, []), process.argv.slice(3)),
};

async function run(name = ''): Promise<void> {
  useEnvFile();
  const command = COMMANDS[name];
  if (!command) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  try {
    for (const line of await command()) process.stdout.write(`${line}\n`);
    process.exit(process.exitCode ?? 0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

void run(process.argv[2]);
