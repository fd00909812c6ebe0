import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '../testing.js';
import { Note, notesContext } from '../testing/notes-context.js';
import { TestAuthModule } from '../testing/test-auth.module.js';
import { Holds } from './holds.js';

describe('A tenant that stands still', () => {
  let slice: Slice;
  const ada = anActor([], { name: 'Ada' });
  const bob = anActor([], { name: 'Bob', tenantId: OTHER_TENANT });
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [notesContext], app: 'worker', modules: [TestAuthModule] });
  });
  afterAll(() => slice?.close());

  const inTransaction = (work: (holds: Holds) => Promise<void>): Promise<void> =>
    slice.as(ada, () => slice.db.transaction(() => work(slice.get(Holds))));
  const count = async (sql: string, tenantId: string): Promise<number> =>
    (await slice.superuser.query(sql, [tenantId])).rowCount ?? 0;
  const READ = 'select from note_readings where tenant_id = $1';
  const WAITING = `select from deliveries where tenant_id = $1 and state = 'pending' and attempts = 0 and due_at > now() + interval '1 minute'`;

  it('keeps its work, with all its tries, until it works again, while others go on', async () => {
    await inTransaction((holds) => holds.hold());
    await slice.as(ada, () => slice.db.create(Note.write('held')));
    await slice.as(bob, () => slice.db.create(Note.write('goes on')));
    await expect.poll(() => count(WAITING, ada.tenantId), { timeout: 10_000 }).toBe(2);
    await expect.poll(() => count(READ, bob.tenantId), { timeout: 10_000 }).toBe(2);
    expect(await count(READ, ada.tenantId)).toBe(0);
    await inTransaction((holds) => holds.release());
    await slice.settled();
    expect(await count(READ, ada.tenantId)).toBe(2);
  });
});
