import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { variableNames } from './config.schema.js';
import { ConfigError, loadConfig } from './config.js';
import { redactedConfig } from './redacted-config.js';
import { aConfig, anEnvironment } from './testing.js';

const faultsOf = (given: NodeJS.ProcessEnv): Record<string, string> => {
  try {
    loadConfig(anEnvironment(given));
    return {};
  } catch (error) {
    return Object.fromEntries((error as ConfigError).faults.map(({ name, problem }) => [name, problem]));
  }
};

describe('Config', () => {
  it('has a default for all but the addresses and the secrets', () => {
    const { DATABASE_URL, REDIS_URL, JWT_SECRET, JWT_REFRESH_SECRET, ENCRYPTION_KEY } = anEnvironment();

    expect(loadConfig({ DATABASE_URL, REDIS_URL, JWT_SECRET, JWT_REFRESH_SECRET, ENCRYPTION_KEY })).toMatchObject({
      NODE_ENV: 'development',
      PORT: 3000,
      WORKER_PORT: 3001,
      CONTEXTS: [],
      DATABASE_POOL_SIZE: 20,
      JWT_EXPIRATION: 900,
      JWT_REFRESH_EXPIRATION: 604_800,
      AUTH_ALLOW_RAW_JWT: true,
      CORS_ORIGIN: [],
      TRUST_PROXY: false,
      RATE_LIMIT_ANONYMOUS: 100,
      RATE_LIMIT_AUTHENTICATED: 1000,
      RATE_LIMIT_BURST: 20,
      SWAGGER_ENABLED: true,
      RESPONSE_UNDO_SECONDS: 10,
      LOG_LEVEL: 'info',
      LOG_FILES: true,
      LOG_DIR: 'logs',
      STORAGE_DIR: '.nexus/files',
      DEMO: false,
    });
  });

  it('is frozen', () => {
    const config = aConfig();

    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
  });

  it('lists each variable that is missing at once', () => {
    expect(() => loadConfig({})).toThrow(ConfigError);
    expect(
      faultsOf({ DATABASE_URL: undefined, REDIS_URL: '', JWT_SECRET: '', JWT_REFRESH_SECRET: '', ENCRYPTION_KEY: '' }),
    ).toEqual({
      DATABASE_URL: 'is not set',
      REDIS_URL: 'is not set',
      JWT_SECRET: 'is not set',
      JWT_REFRESH_SECRET: 'is not set',
      ENCRYPTION_KEY: 'is not set',
    });
  });

  it.each([
    ['PORT', '80a'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['NODE_ENV', 'staging'],
    ['CONTEXTS', 'auth,Customers'],
    ['DATABASE_URL', 'mysql://localhost/nexus'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_OWNER_URL', 'postgres'],
    ['DATABASE_POOL_SIZE', '0'],
    ['REDIS_URL', 'http://localhost'],
    ['JWT_EXPIRATION', '15 minutes'],
    ['JWT_EXPIRATION', '0m'],
    ['AUTH_ALLOW_RAW_JWT', 'maybe'],
    ['ENCRYPTION_KEY', 'c2hvcnQ='],
    ['ENCRYPTION_KEY', 'zz'.repeat(32)],
    ['ENCRYPTION_KEYS_RETIRED', 'c2hvcnQ='],
    ['CORS_ORIGIN', 'crm.example.com'],
    ['CORS_ORIGIN', 'https://crm.example.com/'],
    ['TRUST_PROXY', '10.0.0.0/40'],
    ['TRUST_PROXY', 'proxy'],
    ['RATE_LIMIT_BURST', '1.5'],
    ['SMTP_URL', 'mail.example.com'],
    ['LOG_LEVEL', 'verbose'],
    ['SHUTDOWN_GRACE_SECONDS', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(Object.keys(faultsOf({ [name]: value }))).toEqual([name]);
  });

  it.each([
    ['JWT_EXPIRATION', '30', 30],
    ['JWT_EXPIRATION', '12h', 43_200],
    ['DEMO', 'yes', true],
    ['DEMO', '0', false],
    ['CONTEXTS', 'auth, customers,', ['auth', 'customers']],
    ['CORS_ORIGIN', 'https://a.example,http://localhost:5173', ['https://a.example', 'http://localhost:5173']],
    ['TRUST_PROXY', 'true', true],
    ['TRUST_PROXY', '2', 2],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
    ['RATE_LIMIT_BURST', '0', 0],
    ['SWAGGER_ENABLED', 'false', false],
  ] as const)('reads %s=%s', (name, value, expected) => {
    expect(aConfig({ [name]: value })[name]).toEqual(expected);
  });

  it('reads a key the same from hex, base64 and base64url', () => {
    const bytes = Buffer.from(anEnvironment().ENCRYPTION_KEY!, 'hex');

    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      expect(aConfig({ ENCRYPTION_KEY: bytes.toString(encoding) }).ENCRYPTION_KEY).toEqual(bytes);
    }
  });

  it('takes what is worth something only together, together', () => {
    const [url, secret] = ['https://captcha.example/siteverify', 'given out by the provider'];
    expect(faultsOf({ CAPTCHA_VERIFY_URL: url })).toEqual({ CAPTCHA_SECRET: 'is not set, and CAPTCHA_VERIFY_URL is' });
    expect(faultsOf({ CAPTCHA_SECRET: secret })).toEqual({ CAPTCHA_VERIFY_URL: 'is not set, and CAPTCHA_SECRET is' });
    expect(faultsOf({ CAPTCHA_VERIFY_URL: url, CAPTCHA_SECRET: secret })).toEqual({});
  });

  it('never tells a value', () => {
    const word = fc.string({ minLength: 4, unit: fc.constantFrom(...'abcdefghijklmnop0123456789') });
    fc.assert(
      fc.property(word, fc.subarray(variableNames, { minLength: 1 }), (value, names) => {
        const canary = `Q${value}Z`;
        const env = anEnvironment({
          NODE_ENV: 'production',
          ...Object.fromEntries(names.map((name) => [name, canary])),
        });
        let message = '';
        try {
          loadConfig(env);
        } catch (error) {
          message = String(error) + JSON.stringify(error);
        }
        expect(message).not.toContain(canary);
      }),
    );
  });

  it('tells nothing secret in the boot log', () => {
    const canary = 'Zq81CanaryZq81CanaryZq81CanaryZq';
    const config = aConfig({
      JWT_SECRET: canary,
      METRICS_TOKEN: canary,
      DEMO_PASSWORD: canary,
      DATABASE_URL: `postgres://app:${canary}@db:5432/nexus?password=${canary}`,
      SMTP_URL: `smtps://${canary}:${canary}@mail:465`,
    });
    const told = redactedConfig(config);

    expect(JSON.stringify(told)).not.toContain(canary);
    expect(JSON.stringify(told)).not.toContain(config.ENCRYPTION_KEY.toString('base64'));
    expect(told).toMatchObject({
      DATABASE_URL: 'postgres://db:5432/nexus',
      JWT_SECRET: '[set]',
      ENCRYPTION_KEY: '[set]',
      DATABASE_OWNER_URL: '[not set]',
      PORT: 0,
    });
  });
});

describe('Config in production', () => {
  const production = (given: NodeJS.ProcessEnv = {}) => faultsOf({ NODE_ENV: 'production', ...given });

  it('starts with sound values, and closes what development opens', () => {
    expect(production()).toEqual({});
    expect(aConfig({ NODE_ENV: 'production' })).toMatchObject({ SWAGGER_ENABLED: false, SHUTDOWN_DELAY_SECONDS: 3 });
    expect(aConfig({ NODE_ENV: 'production', SWAGGER_ENABLED: 'true' }).SWAGGER_ENABLED).toBe(true);
  });

  it.each([
    ['JWT_SECRET', 'k7Qw2nVx9Zr4Tb6Yp1Lm8Hs3Dc5Jf0G', 'shorter than 32'],
    ['JWT_REFRESH_SECRET', 'short', 'shorter than 32'],
    ['METRICS_TOKEN', 'short', 'shorter than 32'],
    ['JWT_SECRET', 'your-super-secret-jwt-key-change-this-in-production', 'a default'],
    ['JWT_SECRET', 'nexus-development-key-0123456789-0123', 'a default'],
    ['JWT_SECRET', 'abababababababababababababababababab', 'a default'],
    ['ENCRYPTION_KEY', '00'.repeat(32), 'a default'],
    ['ENCRYPTION_KEY', '0123456789abcdef'.repeat(4), 'a default'],
    ['JWT_REFRESH_SECRET', anEnvironment().JWT_SECRET, 'must differ from JWT_SECRET'],
    ['METRICS_TOKEN', anEnvironment().JWT_REFRESH_SECRET, 'must differ from JWT_REFRESH_SECRET'],
    ['CORS_ORIGIN', '*', 'must not be *'],
    ['CORS_ORIGIN', 'https://a.example,*', 'must not be *'],
    ['DEMO', 'true', 'must be off'],
    ['FAILPOINT', 'outbox.after-commit', 'for tests'],
  ])('refuses %s=%s, which is well formed', (name, value, problem) => {
    expect(faultsOf({ [name]: value })).toEqual({});
    expect(production({ [name]: value })).toEqual({ [name]: expect.stringContaining(problem) });
  });

  it('tells weak and malformed values together', () => {
    expect(Object.keys(production({ PORT: 'x', JWT_SECRET: 'short', DEMO: 'true' }))).toEqual([
      'PORT',
      'JWT_SECRET',
      'DEMO',
    ]);
  });
});

describe('A secret in a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'nexus-config-'));
  const file = join(directory, 'secret');

  afterEach(() => rmSync(file, { force: true }));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is read without its last line end', () => {
    writeFileSync(file, 'from-a-file\n');

    expect(aConfig({ JWT_SECRET: undefined, JWT_SECRET_FILE: file }).JWT_SECRET).toBe('from-a-file');
  });

  it('is refused beside the variable itself', () => {
    writeFileSync(file, 'from-a-file');

    expect(faultsOf({ JWT_SECRET_FILE: file })).toEqual({ JWT_SECRET: 'is set twice, also by JWT_SECRET_FILE' });
  });

  it('is refused when it cannot be read, without telling the path', () => {
    expect(faultsOf({ JWT_SECRET: '', JWT_SECRET_FILE: file })).toEqual({
      JWT_SECRET_FILE: 'names a file that cannot be read',
    });
  });

  it('is judged like the variable', () => {
    writeFileSync(file, 'weak');

    expect(faultsOf({ NODE_ENV: 'production', JWT_SECRET: '', JWT_SECRET_FILE: file })).toHaveProperty('JWT_SECRET');
  });

  it('is no way to set what is no secret', () => {
    writeFileSync(file, '1');

    expect(aConfig({ PORT: '', PORT_FILE: file }).PORT).toBe(3000);
  });
});
