import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authContexts } from '@app/auth/testing';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditContext } from '../index.js';
import { aTrail } from '../testing.js';
import { Checkpoints } from './checkpoints.service.js';

describe('Checkpoints', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
  });
  afterAll(() => slice?.close());

  const linesOf = async (tenantId: string): Promise<{ seq: number; link: string }[]> => {
    const text = await readFile(join(slice.config.STORAGE_DIR, 'audit-checkpoints', `${tenantId}.ndjson`), 'utf8');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { seq: number; link: string });
  };

  it('are made for the first rows at once, then when enough rows have come', async () => {
    const checkpoints = slice.get(Checkpoints);
    const { tenantId } = await aTrail(slice, { rows: 1 });
    await checkpoints.makeDue({ rows: 3, seconds: 3600 });
    await aTrail(slice, { tenantId, rows: 2 });
    await checkpoints.makeDue({ rows: 3, seconds: 3600 });
    expect((await linesOf(tenantId)).map(({ seq }) => seq)).toEqual([1]);
    await aTrail(slice, { tenantId, rows: 1 });
    await checkpoints.makeDue({ rows: 3, seconds: 3600 });
    expect((await linesOf(tenantId)).map(({ seq }) => seq)).toEqual([1, 4]);
  });

  it('are made when the last one is old enough, and only for new rows', async () => {
    const checkpoints = slice.get(Checkpoints);
    const { tenantId } = await aTrail(slice, { rows: 1 });
    await checkpoints.makeDue();
    await checkpoints.makeDue({ rows: 1, seconds: 0 });
    await aTrail(slice, { tenantId, rows: 1 });
    await checkpoints.makeDue({ rows: 100, seconds: 0 });
    expect((await linesOf(tenantId)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it('say the same inside and outside when two workers make them at once', async () => {
    const checkpoints = slice.get(Checkpoints);
    const { tenantId } = await aTrail(slice, { rows: 5 });
    await Promise.all([checkpoints.makeDue(), checkpoints.makeDue(), checkpoints.makeDue()]);
    const { rows } = await slice.superuser.query(
      `select seq::int, encode(link, 'hex') as link from audit_checkpoints where tenant_id = $1`,
      [tenantId],
    );
    expect(rows).toHaveLength(1);
    for (const line of await linesOf(tenantId)) expect(line).toMatchObject(rows[0] as object);
  });
});
