import type { z } from 'zod';
import { configSchema, type VariableName, variableNames } from './config.schema.js';
import type { Fault } from './fault.js';
import { productionFaults } from './production-rules.js';
import { readVariables } from './read-variables.js';

type Parsed = z.output<typeof configSchema>;
type DependentDefaults = { SWAGGER_ENABLED: boolean; SHUTDOWN_DELAY_SECONDS: number };

export type Settings = Readonly<Omit<Parsed, keyof DependentDefaults> & DependentDefaults>;

const Values = Object as unknown as abstract new () => Settings;

/**
 * The configuration, under the names of the environment's variables: durations in seconds, keys as bytes, lists as
 * arrays. Read once, frozen, and injected by this class.
 */
export abstract class Config extends Values {}

/** Why the process does not start. Names variables, never their values. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(`Invalid configuration:\n${faults.map((fault) => `  ${fault.name} ${fault.problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Reads and validates everything at once. @throws ConfigError that lists each bad variable. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const { values, faults } = readVariables(env);
  const parsed = configSchema.safeParse(values);
  const all = [...faults, ...schemaFaults(parsed, values), ...halfFaults(values), ...productionFaults(values)];
  if (!parsed.success || all.length > 0) throw new ConfigError(firstOfEach(all));
  const isProduction = parsed.data.NODE_ENV === 'production';
  return Object.freeze({
    ...parsed.data,
    SWAGGER_ENABLED: parsed.data.SWAGGER_ENABLED ?? !isProduction,
    SHUTDOWN_DELAY_SECONDS: parsed.data.SHUTDOWN_DELAY_SECONDS ?? (isProduction ? 3 : 0),
  });
}

/** What is worth something only together. */
const PAIRS = [['CAPTCHA_VERIFY_URL', 'CAPTCHA_SECRET']] as const satisfies [VariableName, VariableName][];

function halfFaults(values: Partial<Record<VariableName, string>>): Fault[] {
  return PAIRS.flatMap(([one, other]): Fault[] => {
    if ((values[one] === undefined) === (values[other] === undefined)) return [];
    const [set, name] = values[one] === undefined ? [other, one] : [one, other];
    return [{ name, problem: `is not set, and ${set} is` }];
  });
}

function schemaFaults(parsed: z.ZodSafeParseResult<Parsed>, values: Partial<Record<VariableName, string>>): Fault[] {
  return (parsed.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return { name, problem: values[name as VariableName] === undefined ? 'is not set' : issue.message };
  });
}

/** An unreadable JWT_SECRET_FILE also leaves JWT_SECRET unset: only the cause is told. */
function firstOfEach(faults: readonly Fault[]): Fault[] {
  const order = (fault: Fault): number => variableNames.indexOf(fault.name.replace(/_FILE$/, '') as VariableName);
  const first = new Map<string, Fault>();
  for (const fault of faults) {
    const name = fault.name.replace(/_FILE$/, '');
    if (!first.has(name)) first.set(name, fault);
  }
  return [...first.values()].sort((a, b) => order(a) - order(b));
}
