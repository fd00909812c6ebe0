import { variableNames } from './config.schema.js';
import type { Config } from './config.js';
import { isSecret } from './read-variables.js';

/** The configuration for the boot log: a URL without its credentials and query, any other secret only as set or not. */
export function redactedConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    variableNames.map((name) => [name, isSecret(name) ? withoutSecret(config[name]) : config[name]]),
  );
}

function withoutSecret(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '[not set]';
  if (typeof value !== 'string' || !/^[a-z]+:\/\//.test(value) || !URL.canParse(value)) return '[set]';
  const { protocol, host, pathname } = new URL(value);
  return `${protocol}//${host}${pathname}`;
}
