import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { localSecrets } from './secrets.js';

describe('the secrets of the local stack', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'nexus-secrets-'));
  });

  it('are the same at the next start', () => {
    expect(localSecrets(home, {})).toEqual(localSecrets(home, {}));
  });

  it('differ from each other and from those of another stack', () => {
    const other = mkdtempSync(join(tmpdir(), 'nexus-secrets-'));
    const values = [...Object.values(localSecrets(home, {})), ...Object.values(localSecrets(other, {}))];
    expect(new Set(values).size).toBe(values.length);
  });

  it('hold a key of 32 bytes for encryption', () => {
    expect(Buffer.from(localSecrets(home, {}).ENCRYPTION_KEY, 'base64')).toHaveLength(32);
  });

  it('can be read by their owner only', () => {
    writeFileSync(join(home, 'secrets.json'), '{}', { mode: 0o644 });
    localSecrets(home, {});
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('give way to the environment, which is not written down', () => {
    expect(localSecrets(home, { JWT_SECRET: 'given' }).JWT_SECRET).toBe('given');
    expect(localSecrets(home, {}).JWT_SECRET).not.toBe('given');
  });
});
