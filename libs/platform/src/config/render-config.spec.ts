import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configSchema } from './config.schema.js';
import { loadConfig } from './config.js';
import { renderConfigTable, renderEnvExample } from './render-config.js';
import { anEnvironment } from './testing.js';

describe('The documentation of the configuration', () => {
  it('has an example environment that starts once its blanks are filled', () => {
    const example = parseEnv(renderEnvExample());
    const blanks = Object.keys(example).filter((name) => example[name] === '');

    expect(blanks.sort()).toEqual(['ENCRYPTION_KEY', 'JWT_REFRESH_SECRET', 'JWT_SECRET']);
    const { JWT_SECRET, JWT_REFRESH_SECRET, ENCRYPTION_KEY } = anEnvironment();
    expect(loadConfig({ ...example, JWT_SECRET, JWT_REFRESH_SECRET, ENCRYPTION_KEY }).PORT).toBe(3000);
  });

  it('describes each variable', () => {
    const example = renderEnvExample();
    const table = renderConfigTable();

    for (const name of Object.keys(configSchema.shape)) {
      expect(example).toMatch(new RegExp(`^# .{10,}\\n(# )?${name}=`, 'm'));
      expect(table).toMatch(new RegExp(`^\\| \`${name}\`.*\\| .{10,} \\|$`, 'm'));
    }
  });

  it('says what is required and what depends', () => {
    expect(renderConfigTable()).toContain('| `JWT_SECRET` (or `JWT_SECRET_FILE`) | **required** |');
    expect(renderConfigTable()).toContain('| `SWAGGER_ENABLED` | true outside production |');
    expect(renderConfigTable()).toContain('| `PORT` | `3000` |');
  });
});
