import { authContexts } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditFacade } from './audit.facade.js';
import { auditContext } from './index.js';

describe('AuditFacade', () => {
  let slice: Slice;
  let audit: AuditFacade;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...authContexts, auditContext] });
    audit = slice.get(AuditFacade);
  });
  afterAll(() => slice?.close());

  const rowsOf = async (tenantId: string): Promise<unknown[]> => {
    const { rows } = await slice.superuser.query(
      'select actor_id, entity, entity_id, action, before, after from audit_log where tenant_id = $1 order by id',
      [tenantId],
    );
    return rows;
  };

  it('finds on record what changed no row, as whoever acted', async () => {
    const actor = anActor([], { tenantId: newId() });
    await slice.as(actor, () => slice.db.audit('customers', 'all', 'exported', { after: { rows: 3, format: 'csv' } }));
    expect(await rowsOf(actor.tenantId)).toEqual([
      {
        actor_id: actor.id,
        entity: 'customers',
        entity_id: 'all',
        action: 'exported',
        before: null,
        after: { rows: 3, format: 'csv' },
      },
    ]);
  });

  it('finds nothing on record of what was rolled back', async () => {
    const actor = anActor([], { tenantId: newId() });
    const work = slice.as(actor, () =>
      slice.db.transaction(async () => {
        await slice.db.audit('customers', '1', 'exported');
        throw new Error('later');
      }),
    );
    await expect(work).rejects.toThrow('later');
    expect(await rowsOf(actor.tenantId)).toEqual([]);
  });

  it('refuses to record or to erase when nobody acts', async () => {
    await expect(slice.db.audit('customers', '1', 'exported')).rejects.toMatchObject({ code: 'NX001' });
    await expect(audit.erase('customers', '1')).rejects.toMatchObject({ code: 'NX001' });
  });

  it('erases one record of one tenant, once, and leaves all others', async () => {
    const [ours, theirs] = [anActor([], { tenantId: newId() }), anActor([], { tenantId: newId() })];
    for (const actor of [ours, theirs])
      for (const id of ['1', '2']) {
        await slice.as(actor, () => slice.db.audit('customers', id, 'updated', { after: { phone: id } }));
      }
    expect(await slice.as(ours, () => audit.erase('customers', '1'))).toBe(1);
    expect(await slice.as(ours, () => audit.erase('customers', '1'))).toBe(0);
    expect(await rowsOf(ours.tenantId)).toMatchObject([
      { entity_id: '1', after: null },
      { entity_id: '2', after: { phone: '2' } },
      { entity_id: '1', action: 'erased' },
      { entity_id: '1', action: 'erased' },
    ]);
    expect(await rowsOf(theirs.tenantId)).toMatchObject([{ after: { phone: '1' } }, { after: { phone: '2' } }]);
  });
});
