import { readFileSync } from 'node:fs';
import { configSchema, type VariableName, variableNames } from './config.schema.js';
import type { Fault } from './fault.js';
import { abouts } from './variable-types.js';

export type RawValues = Partial<Record<VariableName, string>>;

export const isSecret = (name: VariableName): boolean => abouts.get(configSchema.shape[name])?.secret === true;

/** Our variables as they stand; one that is empty is not set. A secret may come from the file that `<NAME>_FILE` names. */
export function readVariables(env: NodeJS.ProcessEnv): { values: RawValues; faults: Fault[] } {
  const values: RawValues = {};
  const faults: Fault[] = [];
  for (const name of variableNames) {
    const value = env[name] || undefined;
    const path = isSecret(name) ? env[`${name}_FILE`] || undefined : undefined;
    if (value !== undefined && path !== undefined) {
      faults.push({ name, problem: `is set twice, also by ${name}_FILE` });
      continue;
    }
    try {
      const read = path === undefined ? value : readFileSync(path, 'utf8').trimEnd() || undefined;
      if (read !== undefined) values[name] = read;
    } catch {
      faults.push({ name: `${name}_FILE`, problem: 'names a file that cannot be read' });
    }
  }
  return { values, faults };
}
