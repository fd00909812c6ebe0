import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@app/kernel';
import { aConfig } from '@app/platform/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointFile } from './checkpoint-file.js';
import type { SignedCheckpoint } from './checkpoint.js';

describe('The file of checkpoints', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'nexus-checkpoints-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const aCheckpoint = (tenantId: string, seq: number): SignedCheckpoint => ({
    ...{ tenantId, seq, link: 'ab'.repeat(32), at: '2026-11-02T09:00:00.000Z', keyId: 'k', signature: 's' },
  });
  const files = (): CheckpointFile => new CheckpointFile(aConfig({ AUDIT_CHECKPOINT_DIR: directory }));

  it('stands where the setting says', async () => {
    const tenantId = newId();
    await files().append(aCheckpoint(tenantId, 1));
    await files().append(aCheckpoint(tenantId, 2));
    expect(await readdir(directory)).toEqual([`${tenantId}.ndjson`]);
    const { isFound, checkpoints } = await files().read(tenantId);
    expect([isFound, checkpoints.map(({ seq }) => seq)]).toEqual([true, [1, 2]]);
  });

  it('of a deleted tenant is set aside with its last word, of which the first one stays', async () => {
    const tenantId = newId();
    await files().append(aCheckpoint(tenantId, 1));
    await files().retire(aCheckpoint(tenantId, 9));
    await files().retire(aCheckpoint(tenantId, 0));
    expect(await files().tenants()).toEqual([]);
    const kept = JSON.parse(
      await readFile(join(directory, 'deleted', `${tenantId}.ndjson`), 'utf8'),
    ) as SignedCheckpoint;
    expect(kept.seq).toBe(9);
  });

  it('of a deleted tenant is not begun anew by who signed a checkpoint meanwhile', async () => {
    const tenantId = newId();
    await files().retire(aCheckpoint(tenantId, 9));
    await files().append(aCheckpoint(tenantId, 10));
    expect(await files().tenants()).toEqual([]);
  });
});
