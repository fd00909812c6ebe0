import { useEnvFile } from './env-file.js';

export type DatabaseUrls = { app: string; owner: string; superuser: string };

/** For the commands that make and migrate the schema, which need no more of the configuration than where it is. */
export function readDatabaseUrls(env: NodeJS.ProcessEnv = process.env): DatabaseUrls {
  useEnvFile();
  const owner = env.DATABASE_OWNER_URL ?? '';
  if (!owner) throw new Error('DATABASE_OWNER_URL is not set: the role that runs migrations');
  return { app: env.DATABASE_URL ?? '', owner, superuser: env.DATABASE_SUPERUSER_URL ?? '' };
}
