import { describe, expect, it } from 'vitest';
import { configWarnings } from './config-warnings.js';
import { anEnvironment } from './testing.js';

describe('Warnings about the environment', () => {
  it.each([
    ['JWT_SECRETS', 'JWT_SECRET'],
    ['JWT_SERCET', 'JWT_SECRET'],
    ['REDIS_URI', 'REDIS_URL'],
    ['RATE_LIMIT_ANONYMUS', 'RATE_LIMIT_ANONYMOUS'],
    ['ENCRYPTION_KEY_FILES', 'ENCRYPTION_KEY_FILE'],
    ['database_url', 'DATABASE_URL'],
  ])('ask whether %s means %s', (given, meant) => {
    expect(configWarnings({ [given]: 'x' })).toEqual([`${given} is not read; is ${meant} meant?`]);
  });

  it('are silent about our names and about other people’s', () => {
    const foreign = {
      PATH: '/bin',
      HOST: 'box',
      HOME: '/root',
      DEBUG: '1',
      LOG_FORMAT: 'x',
      SMTP_HOST: 'x',
      JWT_SECRET_FILE: 'x',
    };

    expect(configWarnings(anEnvironment(foreign))).toEqual([]);
  });

  it('tell of a proxy trusted blindly in production', () => {
    const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://crm.example' };
    expect(configWarnings({ ...production, TRUST_PROXY: 'true' })).toEqual([expect.stringContaining('TRUST_PROXY')]);
    expect(configWarnings({ ...production, TRUST_PROXY: '1' })).toEqual([]);
  });

  it('tell of a server in production that takes itself for localhost', () => {
    const warningsOf = (url?: string) => configWarnings({ NODE_ENV: 'production', PUBLIC_URL: url });
    const local = [
      'http://localhost:3000',
      'https://LOCALHOST',
      'http://crm.localhost',
      'http://127.0.0.1',
      'http://[::1]',
    ];
    for (const url of [undefined, '', ...local])
      expect(warningsOf(url)).toEqual([expect.stringMatching(/^PUBLIC_URL is .+ this machine alone$/)]);
    for (const url of ['https://crm.example', 'https://localhost.crm.example', 'http://10.0.0.1'])
      expect(warningsOf(url)).toEqual([]);
    expect(configWarnings({ NODE_ENV: 'development' })).toEqual([]);
  });
});
