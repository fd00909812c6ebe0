import { writeFileSync } from 'node:fs';
import { loadConfig, resolveContexts } from '@app/platform';
import { contexts } from '../../contexts.js';
import { apiDocument, createApi } from './create-api.js';

// The values are never used: neither a database nor Redis is asked.
const nowhere = {
  NODE_ENV: 'development',
  DATABASE_URL: 'postgres://nobody@localhost:1/none',
  REDIS_URL: 'redis://localhost:1',
  JWT_SECRET: 'only-to-write-the-document-0123456789',
  JWT_REFRESH_SECRET: 'only-to-write-the-document-9876543210',
  ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
  SWAGGER_ENABLED: 'false',
  LOG_FILES: 'false',
  LOG_LEVEL: 'error',
};

/** Writes the document to the file that is named. */
async function write([file]: string[]): Promise<void> {
  if (!file) throw new Error('Usage: openapi.js <file>');
  const loaded = resolveContexts(contexts, []);
  const app = await createApi(loadConfig(nowhere), loaded, false);
  writeFileSync(file, `${JSON.stringify(apiDocument(app, loaded), null, 2)}\n`);
  process.exit(0);
}

void write(process.argv.slice(2));
