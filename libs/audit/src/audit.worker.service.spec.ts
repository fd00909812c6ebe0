import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditContext } from './index.js';

let slice: Slice;
beforeAll(async () => {
  slice = await bootSlice({ contexts: [...authContexts, auditContext], app: 'worker' });
});
afterAll(() => slice?.close());

it('The worker seals by itself what was written', async () => {
  const actor = anActor([], { tenantId: newId() });
  await slice.as(actor, () => slice.db.audit('customers', '1', 'exported'));
  const seals = async (): Promise<number | null> =>
    (await slice.superuser.query('select from audit_seals where tenant_id = $1', [actor.tenantId])).rowCount;
  await expect.poll(seals, { timeout: 15_000 }).toBe(1);
});
