import { Resolver } from 'node:dns';
import { isIP } from 'node:net';
import { z } from 'zod';

/** What people read about a variable, in `.env.example` and in the README. */
export type About = {
  description: string;
  /** Its value never appears in a log, and `<NAME>_FILE` may name a file that holds it. */
  secret?: true;
  /** Stands in `.env.example` where there is no default. */
  example?: string;
  /** How a default that depends on other variables is told. */
  defaultsTo?: string;
};

export const abouts = z.registry<About>();

export function required<T extends z.ZodType>(type: T, about: About): T {
  abouts.add(type, about);
  return type;
}

export function optional<T extends z.ZodType>(type: T, about: About): z.ZodOptional<T> {
  const wrapped = type.optional();
  abouts.add(wrapped, about);
  return wrapped;
}

/** The default is written as it would stand in the environment, and parsed like any other value. */
export function withDefault<T extends z.ZodType<unknown, string>>(
  type: T,
  value: z.input<T> & string,
  about: About,
): z.ZodPrefault<T> {
  const wrapped = type.prefault(() => value);
  abouts.add(wrapped, { defaultsTo: value, ...about });
  return wrapped;
}

export const text = () => z.string();

export const oneOf = <const V extends readonly string[]>(...values: V) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

export const flag = () => z.stringbool({ error: 'must be true or false' });

export const whole = (least: number, most: number) =>
  z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most, {
      error: `must be a whole number from ${least} to ${most}`,
    })
    .transform(Number);

const SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** `15m`, `7d`, or plain seconds; read as seconds. */
export const duration = () =>
  z
    .string()
    .regex(/^[1-9]\d{0,6}[smhd]?$/, { error: 'must be a duration such as 30s, 15m, 12h or 7d' })
    .transform((value) => Number.parseInt(value, 10) * (SECONDS[value.replace(/\d+/, '')] ?? 1));

export const url = (...schemes: string[]) =>
  z.string().refine((value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)), {
    error: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

export const list = (item: (value: string) => boolean, error: string) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    )
    .refine((parts) => parts.every(item), { error });

export const isOrigin = (value: string): boolean =>
  value === '*' || (URL.canParse(value) && new URL(value).origin === value);

export const isPlainOrigin = (value: string): boolean => value !== '*' && isOrigin(value);

/** An http or https address without path, query or user; read without the slash at its end. */
export const publicUrl = () =>
  url('http', 'https')
    .refine((value) => isPlainOrigin(value.replace(/\/$/, '')), { error: 'must be an origin, without a path' })
    .transform((value) => value.replace(/\/$/, ''));

const decodeKey = (value: string): Buffer =>
  /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');

const isKey = (value: string): boolean =>
  (/^[0-9a-f]{64}$/i.test(value) || /^[\w+/-]{43}=?$/.test(value)) && decodeKey(value).length === 32;

/** 32 bytes in base64 (or base64url) or in hex. */
export const key = () => z.string().refine(isKey, { error: 'must be 32 bytes in base64 or hex' }).transform(decodeKey);

export const keys = () =>
  list(isKey, 'must be keys of 32 bytes in base64 or hex, separated by commas').transform((parts) =>
    parts.map(decodeKey),
  );

const PROXY_NAMES = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** `10.0.0.7` or `10.0.0.0/8`. */
export function isNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (rest.length > 0 || family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

export function isDnsServer(value: string): boolean {
  try {
    new Resolver().setServers([value]);
    return true;
  } catch {
    return false;
  }
}

const isProxy = (value: string): boolean => isNetwork(value) || PROXY_NAMES.has(value);

/** What Fastify's `trustProxy` takes: false, true, a number of hops, or the proxies' addresses. */
export const proxies = () =>
  z
    .string()
    .refine((value) => /^(true|false|\d{1,2})$/.test(value) || value.split(',').every((part) => isProxy(part.trim())), {
      error: 'must be true, false, a number of hops, or addresses and networks separated by commas',
    })
    .transform((value): boolean | number | string[] => {
      if (value === 'true' || value === 'false') return value === 'true';
      return /^\d+$/.test(value) ? Number(value) : value.split(',').map((part) => part.trim());
    });
