import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Secrets } from './secrets.js';

export type StackAddresses = {
  databaseUrl: string;
  databaseOwnerUrl: string;
  redisUrl: string;
  smtpUrl: string;
  apiPort: number;
  workerPort: number;
};

const DEFAULT_DEMO_PASSWORD = 'Nexus-Demo-1';

/** What the API, the worker and the command line of the stack are told. The rest is their own defaults. */
export function stackEnvironment(
  home: string,
  demo: boolean,
  secrets: Secrets,
  addresses: StackAddresses,
  env: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return {
    NODE_ENV: 'development',
    PORT: String(addresses.apiPort),
    WORKER_PORT: String(addresses.workerPort),
    DATABASE_URL: addresses.databaseUrl,
    DATABASE_OWNER_URL: addresses.databaseOwnerUrl,
    REDIS_URL: addresses.redisUrl,
    JWT_SECRET: secrets.JWT_SECRET,
    JWT_REFRESH_SECRET: secrets.JWT_REFRESH_SECRET,
    ENCRYPTION_KEY: secrets.ENCRYPTION_KEY,
    SMTP_URL: addresses.smtpUrl,
    MAIL_FROM: env.MAIL_FROM || 'Nexus <support@demo.example>',
    SWAGGER_ENABLED: env.SWAGGER_ENABLED || 'true',
    STORAGE_DIR: env.STORAGE_DIR || join(home, 'files'),
    LOG_DIR: env.LOG_DIR || join(home, 'logs'),
    SHUTDOWN_GRACE_SECONDS: env.SHUTDOWN_GRACE_SECONDS || '10',
    DEMO: String(demo),
    ...(demo ? { DEMO_PASSWORD: env.DEMO_PASSWORD || DEFAULT_DEMO_PASSWORD } : {}),
  };
}

/** Kept for `node --env-file`, so that the command line reaches the stack that runs. Quoted: a value may hold `<`. */
export function writeEnvironment(home: string, values: Record<string, string>): string {
  const file = join(home, 'stack.env');
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'`);
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
