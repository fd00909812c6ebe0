import { ensureTenant } from '@app/auth/testing';
import { aKnownCustomer, inquiriesContexts } from '@app/inquiries/testing';
import { newId } from '@app/kernel';
import { Database, parseListQuery, type RawQuery } from '@app/platform';
import { anActor, bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NoteList, NotesQueries } from './notes.queries.js';

const ROWS = 40_000;
const READ = ['notes:read', 'customers:read_all', 'inquiries:read_all'];

describe('The list of 40,000 notes', () => {
  let slice: Slice;
  let customerId: string;
  const boss = anActor(READ);
  const clerk = anActor(['notes:read', 'customers:read_own', 'inquiries:read_own'], { teams: [newId()] });

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    await ensureTenant(slice);
    customerId = await slice.as(boss, () => aKnownCustomer(slice));
    await slice.superuser.query(`set session app.actor_id = '${boss.id}'; alter table notes disable trigger user`);
    await fillWithRows(slice.superuser, ['notes'], ROWS, (first, last) =>
      slice.superuser.query(
        `insert into notes (tenant_id, id, record_kind, record_id, body, created_by, created_at)
         select $1, gen_random_uuid(), (array['customers', 'inquiries'])[1 + n % 2],
           case when n % 1000 = 1 then $2::uuid else gen_random_uuid() end, 'Note ' || n, $3, now() - make_interval(secs => n)
         from generate_series($4::int, $5::int) n`,
        [TENANT, customerId, newId(), first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice.close());

  /** The plan of the statement that reads the rows, made as the application role and under the tenant's policy. */
  async function planOf(raw: RawQuery, actor = boss): Promise<string> {
    const db = slice.get(Database);
    const query = vi.spyOn(db, 'query');
    try {
      return await slice.as(actor, async () => {
        await slice.get(NotesQueries).list(parseListQuery({ count: 'none', cursor: '', ...raw }, NoteList));
        const [text, values] = query.mock.calls.find(([sql]) => sql.includes('order by')) ?? [];
        const plan = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        return plan.map((line) => line['QUERY PLAN']).join('\n');
      });
    } finally {
      query.mockRestore();
    }
  }

  it.each<[string, () => RawQuery, string]>([
    ['the newest', () => ({}), 'notes_by_time'],
    ['those of a record', () => ({ recordId: customerId }), 'notes_of_record'],
    ['those of an author', () => ({ createdBy: newId() }), 'notes_of_author'],
  ])('reads %s by an index, whatever the reader reaches', async (_, raw, index) => {
    for (const actor of [boss, clerk]) {
      const plan = await planOf(raw(), actor);
      expect(plan).toContain(index);
      expect(plan).not.toContain('Seq Scan on notes');
    }
  });
});
