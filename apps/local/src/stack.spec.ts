import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stackEnvironment, writeEnvironment } from './environment.js';
import { shown } from './places.js';
import { readAccounts } from './stack.js';

const secrets = {
  JWT_SECRET: 'a',
  JWT_REFRESH_SECRET: 'b',
  ENCRYPTION_KEY: 'c+/=',
  MIGRATOR_PASSWORD: 'd',
  APP_PASSWORD: 'e',
};
const addresses = {
  databaseUrl: 'postgres://app@127.0.0.1:54320/nexus',
  databaseOwnerUrl: 'postgres://migrator@127.0.0.1:54320/nexus',
  redisUrl: 'redis://127.0.0.1:63790',
  smtpUrl: 'smtp://127.0.0.1:1025',
  apiPort: 3000,
  workerPort: 3001,
};

describe('the environment of the stack', () => {
  it('never sends mail anywhere but to the sink', () => {
    const env = stackEnvironment('/home', true, secrets, addresses, { SMTP_URL: 'smtp://mail.example' });
    expect(env.SMTP_URL).toBe('smtp://127.0.0.1:1025');
  });

  it('serves the documentation unless that is switched off', () => {
    const served = (given: NodeJS.ProcessEnv): string | undefined =>
      stackEnvironment('/home', true, secrets, addresses, given).SWAGGER_ENABLED;
    expect([served({}), served({ SWAGGER_ENABLED: 'false' })]).toEqual(['true', 'false']);
  });

  it('has no demo password in an empty install', () => {
    const env = stackEnvironment('/home', false, secrets, addresses, { DEMO_PASSWORD: 'given' });
    expect(env).toMatchObject({ DEMO: 'false' });
    expect(env).not.toHaveProperty('DEMO_PASSWORD');
  });

  it('does not hand out the passwords of the database beside the addresses', () => {
    const env = stackEnvironment('/home', true, secrets, addresses, {});
    expect(Object.keys(env)).not.toContain('APP_PASSWORD');
  });

  it('reads back from its file as it was written', () => {
    const env = stackEnvironment('/home', true, secrets, addresses, {});
    const file = writeEnvironment(mkdtempSync(join(tmpdir(), 'nexus-env-')), env);
    expect(parseEnv(readFileSync(file, 'utf8'))).toEqual(env);
  });
});

describe('the demo accounts', () => {
  it('are read from what the seed prints, among other lines', () => {
    const output = 'customers 40\naccount admin@demo.example  Senior administrator\naccount cso@demo.example CSO\n';
    expect(readAccounts(output)).toEqual([
      { email: 'admin@demo.example', role: 'Senior administrator' },
      { email: 'cso@demo.example', role: 'CSO' },
    ]);
  });
});

describe('a path in a message', () => {
  it('is short inside the checkout and whole outside', () => {
    expect(shown('/work', '/work/.nexus/postgres')).toBe('.nexus/postgres');
    expect(shown('/work', '/var/lib/nexus/1')).toBe('/var/lib/nexus/1');
  });
});
