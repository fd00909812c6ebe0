import { type SignedIn, signIn } from '@app/auth/testing';
import { aKnownCustomer, inquiriesContexts } from '@app/inquiries/testing';
import { bootSlice, fillWithRows, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const ROWS = 40_000;

describe('The list of 40,000 files', () => {
  let slice: Slice;
  let [boss, clerk]: SignedIn[] = [];
  let customerId: string;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: inquiriesContexts });
    const { superuser } = slice;
    boss = await signIn(slice, { grants: ['files:read', 'customers:read_all', 'inquiries:read_all'] });
    clerk = await signIn(slice, { grants: ['files:read', 'customers:read_own', 'inquiries:read_own'] });
    customerId = await slice.as(boss.actor, () => aKnownCustomer(slice));
    await superuser.query(`set session app.actor_id = '${boss.userId}'`);
    for (const table of ['files', 'file_versions']) await superuser.query(`alter table ${table} disable trigger user`);
    await fillWithRows(superuser, ['files', 'file_versions'], ROWS, (first, last) =>
      superuser.query(
        `with made as (insert into files (tenant_id, id, record_kind, record_id, name, latest, created_by, created_at)
           select $1, gen_random_uuid(), (array['customers', 'inquiries'])[1 + n % 2],
             case when n % 1000 = 1 then $2::uuid else gen_random_uuid() end, n || '.pdf', 1, $3, now() - make_interval(secs => n)
           from generate_series($4::int, $5::int) n returning id, name, created_by)
         insert into file_versions (tenant_id, id, file_id, number, hash, size, mime_type, state, created_by)
           select $1, gen_random_uuid(), id, 1, md5(name) || md5(name), 1, 'application/pdf', 'available', created_by from made`,
        [TENANT, customerId, boss!.userId, first, last],
      ),
    );
  }, 120_000);
  afterAll(() => slice.close());

  /** The plan of the statement that reads the rows, as the application role. */
  async function planOf(filter: string, reader: SignedIn): Promise<string> {
    const query = vi.spyOn(slice.db, 'query');
    try {
      const { status } = await slice.http('GET', `/api/v1/files?count=none&${filter}`, { token: reader.token });
      expect(status).toBe(200);
      const [text, values] = query.mock.calls.find(([sql]) => sql.includes('order by')) ?? [];
      const lines = await slice.as(reader.actor, () =>
        slice.db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values),
      );
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    } finally {
      query.mockRestore();
    }
  }

  it.each<[string, () => string, string]>([
    ['the newest', () => 'sort=-createdAt', 'files_by_time'],
    ['those of a record', () => `recordId=${customerId}`, 'files_of_record'],
  ])('reads %s by an index, whatever the reader reaches', async (_, filter, index) => {
    for (const reader of [boss, clerk]) {
      const plan = await planOf(filter(), reader!);
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/Seq Scan on (files|file_versions)/);
    }
  });
});
