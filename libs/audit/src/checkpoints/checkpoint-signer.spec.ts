import { newId } from '@app/kernel';
import { aConfig } from '@app/platform/testing';
import { describe, expect, it } from 'vitest';
import { CheckpointSigner } from './checkpoint-signer.js';

const KEYS = ['a1', 'b2'].map((byte) => byte.repeat(32));

describe('The signature of a checkpoint', () => {
  const checkpoint = { tenantId: newId(), seq: 7, link: 'ab'.repeat(32), at: '2026-11-02T09:00:00.000Z' };
  const signer = new CheckpointSigner(aConfig({ ENCRYPTION_KEY: KEYS[0] }));

  it('is genuine for what was signed', () => {
    expect(signer.check(signer.sign(checkpoint))).toBe('genuine');
  });

  it.each([
    ['tenant', { tenantId: newId() }],
    ['place', { seq: 8 }],
    ['link', { link: 'ac'.repeat(32) }],
    ['time', { at: '2026-11-02T09:00:00.001Z' }],
    ['signature', { signature: '' }],
  ])('covers the %s', (_, change) => {
    expect(signer.check({ ...signer.sign(checkpoint), ...change })).toBe('forged');
  });

  it('still counts after the key has been retired, and no more once it is gone', () => {
    const signed = signer.sign(checkpoint);
    const rotated = new CheckpointSigner(aConfig({ ENCRYPTION_KEY: KEYS[1], ENCRYPTION_KEYS_RETIRED: KEYS[0] }));
    expect(rotated.check(signed)).toBe('genuine');
    expect(rotated.sign(checkpoint).keyId).not.toBe(signed.keyId);
    expect(new CheckpointSigner(aConfig({ ENCRYPTION_KEY: KEYS[1] })).check(signed)).toBe('unknown_key');
  });
});
