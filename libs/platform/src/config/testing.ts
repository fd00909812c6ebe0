import { type Config, loadConfig } from './config.js';

/** A valid environment for tests; name only what matters. */
export const anEnvironment = (given: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  NODE_ENV: 'test',
  PORT: '0',
  WORKER_PORT: '0',
  DATABASE_URL: 'postgres://nexus_app:app@localhost:5432/nexus',
  REDIS_URL: 'redis://localhost:6379',
  JWT_SECRET: 'k7Qw2nVx9Zr4Tb6Yp1Lm8Hs3Dc5Jf0Gq',
  JWT_REFRESH_SECRET: 'u3Ne8Wa1Xo6Rk9Cv4Bi7Mt2Zj5Lh0PyE',
  ENCRYPTION_KEY: '8f1c3a5e7092b4d6f81a2c3e4b5d6f708192a3b4c5d6e7f8091a2b3c4d5e6f70',
  LOG_FILES: 'false',
  LOG_LEVEL: 'warn',
  ...given,
});

/** The configuration that a test's environment gives. */
export const aConfig = (given: NodeJS.ProcessEnv = {}): Config => loadConfig(anEnvironment(given));
