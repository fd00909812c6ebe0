import { z } from 'zod';
import {
  duration,
  flag,
  isDnsServer,
  isNetwork,
  isOrigin,
  isPlainOrigin,
  key,
  keys,
  list,
  oneOf,
  optional,
  proxies,
  publicUrl,
  required,
  text,
  url,
  whole,
  withDefault,
} from './variable-types.js';

const port = () => whole(0, 65_535);
const seconds = (most: number) => whole(0, most);
const isHostname = (name: string): boolean => /^[a-z0-9.-]{1,253}$/.test(name);
const isContext = (name: string): boolean => /^[a-z][a-z-]*$/.test(name);

/** Every variable that Nexus reads. `.env.example` and the README's table are generated from here. */
export const configSchema = z.object({
  NODE_ENV: withDefault(oneOf('development', 'test', 'production'), 'development', {
    description: 'Production refuses weak secrets, the demo and open doors.',
  }),
  PORT: withDefault(port(), '3000', { description: 'Port of the API; 0 takes a free one.' }),
  WORKER_PORT: withDefault(port(), '3001', { description: "Port of the worker's health and metrics." }),
  CONTEXTS: withDefault(list(isContext, 'must be names of contexts separated by commas'), '', {
    description: 'Contexts to load, with what they use, separated by commas. Empty loads all.',
  }),

  DATABASE_URL: required(url('postgres', 'postgresql'), {
    description: 'PostgreSQL as the application role, which owns nothing and cannot bypass row-level security.',
    example: 'postgres://nexus_app:PASSWORD@localhost:5432/nexus',
    secret: true,
  }),
  DATABASE_OWNER_URL: optional(url('postgres', 'postgresql'), {
    description:
      'PostgreSQL as the role that runs migrations. The worker builds the indexes of custom fields with it; the API does not need it.',
    example: 'postgres://nexus_migrator:PASSWORD@localhost:5432/nexus',
    secret: true,
  }),
  DATABASE_POOL_SIZE: withDefault(whole(1, 1_000), '20', { description: 'Most connections of one process.' }),
  DATABASE_POOL_WAIT_SECONDS: withDefault(whole(1, 60), '5', {
    description: 'For how long a request waits for one of them before it is asked to come again.',
  }),
  REDIS_URL: required(url('redis', 'rediss'), {
    description: 'Redis: queues, rate limits, sockets. Nothing in it is the only copy.',
    example: 'redis://localhost:6379',
    secret: true,
  }),

  JWT_SECRET: required(text(), {
    description: 'Signs access tokens. At least 32 characters: `openssl rand -base64 48`.',
    secret: true,
  }),
  JWT_REFRESH_SECRET: required(text(), {
    description: 'Signs refresh tokens. At least 32 characters, and another than JWT_SECRET.',
    secret: true,
  }),
  JWT_EXPIRATION: withDefault(duration(), '15m', { description: 'Life of an access token.' }),
  JWT_REFRESH_EXPIRATION: withDefault(duration(), '7d', { description: 'Life of a refresh token.' }),
  AUTH_ALLOW_RAW_JWT: withDefault(flag(), 'true', {
    description: 'Accept `Authorization: <token>` without the word Bearer.',
  }),
  ENCRYPTION_KEY: required(key(), {
    description: 'Encrypts secrets at rest. 32 bytes in base64 or hex: `openssl rand -base64 32`.',
    secret: true,
  }),
  ENCRYPTION_KEYS_RETIRED: withDefault(keys(), '', {
    description: 'Former encryption keys that still decrypt, separated by commas, until all is encrypted anew.',
    secret: true,
  }),

  PUBLIC_URL: withDefault(publicUrl(), 'http://localhost:3000', {
    description:
      'Where browsers reach the API: identity providers send them back there, and passkeys belong to its host.',
  }),
  PASSKEY_ORIGINS: withDefault(list(isPlainOrigin, 'must be origins such as https://crm.example.com'), '', {
    description: 'Origins of the pages that passkeys may be used on, separated by commas. Empty: that of PUBLIC_URL.',
  }),
  OUTBOUND_PRIVATE_NETWORKS: withDefault(list(isNetwork, 'must be addresses and networks such as 10.0.0.0/8'), '', {
    description:
      'Private addresses and networks that the server may call, such as an identity provider or a mail server in the house. Empty: none, and other identity providers over https alone.',
  }),
  DNS_SERVERS: withDefault(list(isDnsServer, 'must be addresses such as 9.9.9.9 or [2620:fe::fe]:53'), '', {
    description: 'DNS servers that are asked whether somebody owns a domain, separated by commas. Empty: the system’s.',
  }),
  CAPTCHA_VERIFY_URL: optional(url('http', 'https'), {
    description:
      'Where answers of captchas are checked (`siteverify`: Turnstile, hCaptcha, reCAPTCHA). With CAPTCHA_SECRET, a captcha is asked for after failed logins and for reset codes.',
    example: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  }),
  CAPTCHA_SECRET: optional(text(), { description: 'The secret that the captcha’s provider gave out.', secret: true }),
  CAPTCHA_HOSTNAMES: withDefault(list(isHostname, 'must be names of hosts such as crm.example.com'), '', {
    description: 'Hosts of the pages whose captchas count, separated by commas. Empty: any.',
  }),
  BREACH_RANGE_URL: optional(url('http', 'https'), {
    description:
      'Range API of leaked passwords, asked with five digits of a hash. Empty: only the list that comes along decides.',
    example: 'https://api.pwnedpasswords.com/range',
  }),
  CORS_ORIGIN: withDefault(list(isOrigin, 'must be origins such as https://crm.example.com'), '', {
    description: 'Origins that browsers may call from, separated by commas. `*` only outside production.',
  }),
  TRUST_PROXY: withDefault(proxies(), 'false', {
    description: 'Proxies whose X-Forwarded-For counts: false, a number of hops, or addresses and networks.',
  }),
  RATE_LIMIT_ANONYMOUS: withDefault(whole(0, 1_000_000), '100', {
    description: 'Requests per 15 minutes and address without a token. 0 switches it off.',
  }),
  RATE_LIMIT_AUTHENTICATED: withDefault(whole(0, 1_000_000), '1000', {
    description: 'Requests per 15 minutes and user or service token. 0 switches it off.',
  }),
  RATE_LIMIT_BURST: withDefault(whole(0, 100_000), '20', {
    description: 'Requests per second and caller. 0 switches it off.',
  }),
  SWAGGER_ENABLED: optional(flag(), {
    description: 'Serve /api-docs.',
    defaultsTo: 'true outside production',
  }),

  SMTP_URL: withDefault(url('smtp', 'smtps'), 'smtp://localhost:1025', {
    description: 'Mail server that sends.',
    secret: true,
  }),
  MAIL_FROM: withDefault(text(), 'Nexus <no-reply@localhost>', { description: 'Sender of mail that has no other.' }),
  RESPONSE_UNDO_SECONDS: withDefault(seconds(3_600), '10', {
    description: 'How long a sent response can be taken back.',
  }),
  STORAGE_DIR: withDefault(text(), '.nexus/files', { description: 'Directory of stored files.' }),
  S3_BUCKET: optional(text(), { description: 'Bucket that keeps the files, in the place of STORAGE_DIR.' }),
  S3_ENDPOINT: optional(url('http', 'https'), {
    description: 'Address of an S3 other than Amazon’s.',
    example: 'http://localhost:9000',
  }),
  S3_REGION: withDefault(text(), 'us-east-1', { description: 'Region of the bucket.' }),
  S3_ACCESS_KEY_ID: optional(text(), {
    description: 'Key to the bucket. Without one it is looked for as Amazon’s library does: the role of the machine.',
  }),
  S3_SECRET_ACCESS_KEY: optional(text(), { description: 'The secret of that key.', secret: true }),
  CLAMAV_URL: optional(url('tcp', 'unix'), {
    description: 'ClamAV daemon that looks into every file before anybody gets it. Set it for the API and the worker.',
    example: 'tcp://localhost:3310',
  }),
  AUDIT_CHECKPOINT_DIR: optional(text(), {
    description:
      "Directory of the audit trail's signed checkpoints: best where the database's administrator may not write.",
    defaultsTo: '`audit-checkpoints` in STORAGE_DIR',
  }),

  LOG_LEVEL: withDefault(oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), 'info', {
    description: 'Least severe level that is logged. E-mail addresses and phone numbers are masked from info up.',
  }),
  LOG_FILES: withDefault(flag(), 'true', { description: 'Write log files beside standard output.' }),
  LOG_DIR: withDefault(text(), 'logs', { description: 'Directory of the log files, rotated daily.' }),
  METRICS_TOKEN: optional(text(), {
    description:
      'Bearer token that /metrics asks for, and the password of the queue board at /queues. Without one, both are closed in production.',
    secret: true,
  }),
  WORKER_SILENCE_SECONDS: withDefault(whole(3, 300), '15', {
    description: 'How long a worker may be silent over a delivery before another one takes it over.',
  }),
  SHUTDOWN_DELAY_SECONDS: optional(seconds(60), {
    description: 'How long a stopping process, already not ready, still accepts, so that balancers notice.',
    defaultsTo: '3 in production, else 0',
  }),
  SHUTDOWN_GRACE_SECONDS: withDefault(whole(1, 600), '25', {
    description: 'How long a stopping process may take in all before it is forced.',
  }),

  DEMO: withDefault(flag(), 'false', { description: 'Demo data and "Login as…". Refused in production.' }),
  DEMO_PASSWORD: optional(text(), { description: "Password of the demo's users.", secret: true }),
  FAILPOINT: optional(text(), {
    description:
      'Tests only: `name[:nth][:exit|throw|stall]` breaks the process at a named point. Refused in production.',
  }),
});

export type VariableName = keyof typeof configSchema.shape;
export const variableNames = Object.keys(configSchema.shape) as VariableName[];
