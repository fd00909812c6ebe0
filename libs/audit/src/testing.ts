import { setTimeout as wait } from 'node:timers/promises';
import { newId } from '@app/kernel';
import { anActor, type Slice } from '@app/platform/testing';
import { AuditSealer } from './sealing/sealer.js';

/** Seals until nothing waits: a transaction that still runs, in any database of the cluster, holds the sealing back. */
export async function sealAll(slice: Slice, timeoutMs = 20_000): Promise<void> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    await slice.get(AuditSealer).seal();
    const { rows } = await slice.superuser.query('select from audit_log where not sealed limit 1');
    if (rows.length === 0) return;
    if (Date.now() > until) throw new Error(`Rows are still unsealed after ${timeoutMs} ms`);
    await wait(20);
  }
}

/** Sealed rows about records `1` to `count` of a tenant; their ids, in the order of the chain. */
export async function aTrail(
  slice: Slice,
  { rows = 10, tenantId = newId() } = {},
): Promise<{ tenantId: string; ids: number[] }> {
  const actor = anActor([], { tenantId });
  for (let row = 1; row <= rows; row++) {
    const told = { before: { phone: `before ${row}` }, after: { phone: `after ${row}` } };
    await slice.as(actor, () => slice.db.audit('customers', String(row), 'updated', told));
  }
  await sealAll(slice);
  const sealed = await slice.superuser.query<{ audit_id: number }>(
    'select audit_id from audit_seals where tenant_id = $1 order by seq',
    [tenantId],
  );
  return { tenantId, ids: sealed.rows.map(({ audit_id: id }) => Number(id)) };
}
