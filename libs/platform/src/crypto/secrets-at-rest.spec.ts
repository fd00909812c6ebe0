import { createHash, hkdfSync, webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { aConfig } from '../config/testing.js';
import { type RestingPlace, SecretsAtRest } from './secrets-at-rest.js';

const [OLD, NEW] = ['8f1c3a5e7092b4d6f81a2c3e4b5d6f708192a3b4c5d6e7f8091a2b3c4d5e6f70', 'a1'.repeat(32)];
const PLACE: RestingPlace = {
  tenantId: '01920000-0000-7000-8000-00000000000a',
  table: 'totp_factors',
  column: 'secret',
  id: '01920000-0000-7000-8000-0000000000cc',
};

describe('A secret at rest', () => {
  const secrets = new SecretsAtRest(aConfig({ ENCRYPTION_KEY: OLD }));

  it.each(['', 'JBSWY3DPEHPK3PXP', '🦊 ünïcödé\u0000', 'x'.repeat(100_000)])('opens where it rests: %#', (secret) => {
    expect(secrets.open(secrets.seal(secret, PLACE), PLACE)).toBe(secret);
  });

  it.each([
    ['another row', { id: '01920000-0000-7000-8000-0000000000cd' }],
    ['another tenant', { tenantId: '01920000-0000-7000-8000-00000000000b' }],
    ['another column', { column: 'name' }],
    ['another table', { table: 'users' }],
  ])('does not open in %s', (_, elsewhere) => {
    const sealed = secrets.seal('JBSWY3DPEHPK3PXP', PLACE);
    expect(() => secrets.open(sealed, { ...PLACE, ...elsewhere })).toThrow(/altered, or belongs elsewhere/);
  });

  it('does not open with one bit changed, wherever it is, nor with a shorter tag', () => {
    const [version, key, text = ''] = secrets.seal('JBSWY3DPEHPK3PXP', PLACE).split('.');
    const bytes = Buffer.from(text, 'base64url');
    const open = (some: Buffer): string => secrets.open(`${version}.${key}.${some.toString('base64url')}`, PLACE);
    expect(open(bytes)).toBe('JBSWY3DPEHPK3PXP');
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => open(changed)).toThrow(/cannot be read/);
    }
    for (let cut = 1; cut <= bytes.length; cut++) expect(() => open(bytes.subarray(0, -cut))).toThrow(/cannot be read/);
  });

  it.each(['', 'v1', 'v2.x.y', 'v1.000000000000.AAAA', 'plain text', 'v1.a.b.c'])('is not read from %j', (text) => {
    expect(() => secrets.open(text, PLACE)).toThrow(/cannot be read/);
  });

  it('is AES-256-GCM as others make it: the browser’s cryptography opens it', async () => {
    const [version, keyId, text = ''] = secrets.seal('JBSWY3DPEHPK3PXP', PLACE).split('.');
    const bytes = Buffer.from(text, 'base64url');
    const raw = hkdfSync('sha256', Buffer.from(OLD, 'hex'), '', 'nexus secrets at rest 1', 32);
    const key = await webcrypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['decrypt']);
    const additionalData = Buffer.from(
      JSON.stringify([version, keyId, PLACE.tenantId, PLACE.table, PLACE.column, PLACE.id]),
    );
    const opened = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData, tagLength: 128 },
      key,
      bytes.subarray(12),
    );
    expect(Buffer.from(opened).toString('utf8')).toBe('JBSWY3DPEHPK3PXP');
  });

  it('never has the same initialisation vector twice, nor the same text', () => {
    const vectors = new Set<string>();
    for (let n = 0; n < 100_000; n++) {
      const text = secrets.seal('s', PLACE).split('.')[2] ?? '';
      vectors.add(Buffer.from(text, 'base64url').subarray(0, 12).toString('hex'));
    }
    expect(vectors.size).toBe(100_000);
  });

  it('opens after the encryption key has changed, as long as the former one is known, and tells that it is not under the new one', () => {
    const sealed = secrets.seal('JBSWY3DPEHPK3PXP', PLACE);
    const rotated = new SecretsAtRest(aConfig({ ENCRYPTION_KEY: NEW, ENCRYPTION_KEYS_RETIRED: OLD }));
    expect([rotated.open(sealed, PLACE), rotated.isCurrent(sealed)]).toEqual(['JBSWY3DPEHPK3PXP', false]);
    expect(rotated.isCurrent(rotated.seal('JBSWY3DPEHPK3PXP', PLACE))).toBe(true);
    const without = new SecretsAtRest(aConfig({ ENCRYPTION_KEY: NEW }));
    expect(() => without.open(sealed, PLACE)).toThrow(/there is no key/);
  });

  it('tells nothing of its key: the name of it is a hash of what was derived', () => {
    const [, keyId] = secrets.seal('x', PLACE).split('.');
    expect(keyId).not.toBe(createHash('sha256').update(Buffer.from(OLD, 'hex')).digest('hex').slice(0, 12));
    expect(OLD).not.toContain(keyId);
  });
});
