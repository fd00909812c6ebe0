import { configSchema, type VariableName } from './config.schema.js';
import type { Fault } from './fault.js';
import type { RawValues } from './read-variables.js';

const TEXT_SECRETS = ['JWT_SECRET', 'JWT_REFRESH_SECRET', 'METRICS_TOKEN'] as const satisfies VariableName[];
const SECRETS = [...TEXT_SECRETS, 'ENCRYPTION_KEY'] as const satisfies VariableName[];
const LEAST_LENGTH = 32;

// 32 random hex digits have fewer than 8 different ones in about one of a million draws.
const LEAST_DIFFERENT_CHARACTERS = 8;
// 32 random bytes have about 30 different ones.
const LEAST_DIFFERENT_BYTES = 16;
const PLACEHOLDER = /change|example|default|placeholder|secret|password|development|your[-_ ]/i;

/** What production refuses although each value is well formed. Nothing outside production. */
export function productionFaults(values: RawValues): Fault[] {
  if (values.NODE_ENV !== 'production') return [];
  return [
    ...TEXT_SECRETS.flatMap((name) => weakText(name, values[name])),
    ...weakKey(values.ENCRYPTION_KEY),
    ...SECRETS.flatMap((name, index) => repeated(name, SECRETS.slice(0, index), values)),
    ...openDoors(values),
  ];
}

function weakText(name: string, value: string | undefined): Fault[] {
  if (value === undefined) return [];
  if (value.length < LEAST_LENGTH) return [{ name, problem: `is shorter than ${LEAST_LENGTH} characters` }];
  if (!PLACEHOLDER.test(value) && new Set(value).size >= LEAST_DIFFERENT_CHARACTERS) return [];
  return [{ name, problem: 'is a default or an example, not a secret' }];
}

function weakKey(value: string | undefined): Fault[] {
  const key = configSchema.shape.ENCRYPTION_KEY.safeParse(value);
  if (!key.success || new Set(key.data).size >= LEAST_DIFFERENT_BYTES) return [];
  return [{ name: 'ENCRYPTION_KEY', problem: 'is a default or an example, not a key' }];
}

function repeated(name: VariableName, earlier: readonly VariableName[], values: RawValues): Fault[] {
  const same = earlier.find((other) => values[name] !== undefined && values[other] === values[name]);
  return same ? [{ name, problem: `must differ from ${same}` }] : [];
}

function openDoors(values: RawValues): Fault[] {
  const faults: Fault[] = [];
  const origins = configSchema.shape.CORS_ORIGIN.safeParse(values.CORS_ORIGIN);
  if (origins.data?.includes('*')) faults.push({ name: 'CORS_ORIGIN', problem: 'must not be * in production' });
  if (configSchema.shape.DEMO.safeParse(values.DEMO).data)
    faults.push({ name: 'DEMO', problem: 'must be off in production' });
  if (values.FAILPOINT) faults.push({ name: 'FAILPOINT', problem: 'is for tests and refused in production' });
  return faults;
}
