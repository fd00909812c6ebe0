import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['JWT_SECRET', 'JWT_REFRESH_SECRET', 'ENCRYPTION_KEY', 'MIGRATOR_PASSWORD', 'APP_PASSWORD'] as const;

export type Secrets = Record<(typeof NAMES)[number], string>;

const generate = (name: keyof Secrets): string =>
  name === 'ENCRYPTION_KEY' ? randomBytes(32).toString('base64') : randomBytes(36).toString('base64url');

/**
 * The secrets of the local stack: those the environment gives, else those kept beside the data, made once. They last
 * as long as the data does: what was encrypted with one key is unreadable with the next.
 */
export function localSecrets(home: string, env: NodeJS.ProcessEnv = process.env): Secrets {
  const file = join(home, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const complete = Object.fromEntries(NAMES.map((name) => [name, kept[name] ?? generate(name)])) as Secrets;
  if (NAMES.some((name) => !kept[name])) {
    writeFileSync(`${file}.new`, `${JSON.stringify(complete, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  return Object.fromEntries(NAMES.map((name) => [name, env[name] || complete[name]])) as Secrets;
}
