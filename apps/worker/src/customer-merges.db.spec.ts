import { ensureTenant, type SignedIn, signIn } from '@app/auth/testing';
import { newId } from '@app/kernel';
import { MailboxesService, MailIntake } from '@app/mail';
import { aRawMail } from '@app/mail/testing';
import { CustomerRecordsPort, Ports, statementsSent } from '@app/platform';
import { bootSlice, type Slice, TENANT } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../contexts.js';

const GRANTS = [
  ...['customers:create', 'customers:read_all', 'customers:update_all', 'customers:merge', 'inquiries:create'],
  ...['inquiries:read_all', 'inquiries:update_all', 'responses:create', 'responses:read_all', 'mail:read_all'],
  ...['tags:manage', 'tags:read', 'tags:apply', 'notes:write', 'files:write', 'deals:create', 'deals:read_all'],
  ...['tasks:create', 'tasks:read_all', 'tasks:update_all'],
];

/** Columns that name records of several kinds, customers among them. */
const OF_MANY_KINDS = ['record_id', 'target_id', 'subject_id', 'about_id'];
/** Of these, those that never name a customer, or do so by a column of their own. */
const OF_OTHERS = ['approval_requests.subject_id', 'inquiry_links.target_id', 'jobs.subject_id', 'messages.about_id'];
/** What is found follows from the rows themselves; what a file did stays as it was done, and is not taken back of who was merged. */
const DERIVED_OR_DONE = ['search_documents.record_id', 'import_rows.record_id'];

const TABLES = ['inquiries', 'mails', 'responses', 'response_steps'];

/** What every context keeps under the id of a customer, when two are found to be one person. */
describe('Merged customers, in all contexts', () => {
  let slice: Slice;
  let worker: Slice;
  let boss: SignedIn;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    const beside = { database: slice.database, config: slice.config };
    worker = await bootSlice({ contexts: [...contexts], app: 'worker', beside });
    await ensureTenant(slice);
    boss = await signIn(slice, { grants: GRANTS });
    await slice.as(boss.actor, () =>
      slice.get(MailboxesService).open({ address: 'support@acme.example', name: 'Support' }),
    );
  });
  afterAll(async () => {
    await worker?.close();
    await slice?.close();
  });

  const post = (path: string, body?: object) => slice.http('POST', `/api/v1/${path}`, { token: boss.token, body });
  const aCustomer = async (email: string | null = null): Promise<string> =>
    (await post('customers', { firstName: 'Mira', email })).body.id;
  const merge = (survivorId: string, loserId: string) => post('customers/merge', { survivorId, loserId });
  const named = async (): Promise<string[]> => {
    const { rows } = await slice.superuser.query<{ name: string }>(
      `select c.conrelid::regclass || '.' || a.attname as name from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey) and a.attname <> 'tenant_id'
        where c.contype = 'f' and c.confrelid = 'customers'::regclass
       union select table_name || '.' || column_name from information_schema.columns
        where table_schema = 'public' and (column_name like '%customer_id' or column_name = any ($1)) order by 1`,
      [OF_MANY_KINDS],
    );
    return rows.map(({ name }) => name).filter((name) => ![...OF_OTHERS, ...DERIVED_OR_DONE].includes(name));
  };
  const rowsOf = async (column: string, customerId: string): Promise<number> => {
    const [table, name] = column.split('.');
    const sql = `select count(*)::int as n from ${table} where ${name} = $1`;
    return (await slice.superuser.query<{ n: number }>(sql, [customerId])).rows[0]!.n;
  };

  it('leave no column that names a customer to nobody', async () => {
    const known = slice
      .get(Ports)
      .all(CustomerRecordsPort)
      .flatMap(({ columns }) => columns);
    expect(known.sort()).toEqual(await named());
    expect(known.length).toBeGreaterThan(10);
  });

  it('bring along what hangs on them, and take it with them again', async () => {
    const [survivor, loser] = [await aCustomer(), await aCustomer()];
    const tags = await Promise.all(
      ['VIP', 'Late'].map(async (word) => (await post('tags', { name: `${word} ${newId()}` })).body.id),
    );
    const tag = (tagId: string, recordId: string) =>
      slice.http('PUT', `/api/v1/tags/${tagId}/records/customers/${recordId}`, { token: boss.token });
    await Promise.all([tag(tags[0], survivor), tag(tags[0], loser), tag(tags[1], loser)]);
    await post('notes', { recordKind: 'customers', recordId: loser, body: 'Prefers letters.' });
    const headers = { 'content-type': 'application/octet-stream' };
    const on = `recordKind=customers&recordId=${loser}&name=call.txt`;
    const upload = { token: boss.token, body: Buffer.from('Called.'), headers };
    expect(await slice.http('POST', `/api/v1/files?${on}`, upload)).toMatchObject({ status: 201 });
    const link = (...ids: string[]) => ids.map((id) => ({ kind: 'customers', id }));
    const theirs = (await post('tasks', { title: 'Call back', links: link(loser) })).body.id;
    const both = (await post('tasks', { title: 'Ask both', links: link(loser, survivor) })).body.id;
    const linkedTo = async (taskId: string): Promise<string[]> => {
      const { body } = await slice.http('GET', `/api/v1/tasks/${taskId}`, { token: boss.token });
      return body.links.map(({ id }: { id: string }) => id);
    };
    const hanging = (id: string): Promise<number[]> =>
      Promise.all(['notes', 'files', 'record_tags', 'task_links'].map((table) => rowsOf(`${table}.record_id`, id)));
    const before = [await hanging(survivor), await hanging(loser)];
    expect(before).toEqual([
      [0, 0, 1, 1],
      [1, 1, 2, 2],
    ]);
    const { body } = await merge(survivor, loser);
    expect([await hanging(survivor), await hanging(loser)]).toEqual([
      [1, 1, 2, 2],
      [0, 0, 1, 1],
    ]);
    expect(await linkedTo(theirs)).toEqual([survivor]);
    expect((await linkedTo(both)).sort()).toEqual([survivor, loser].sort());
    expect((await post(`merges/${body.id}/undo`)).status).toBe(200);
    expect([await hanging(survivor), await hanging(loser)]).toEqual(before);
    expect(await linkedTo(theirs)).toEqual([loser]);
  });

  it('leave nothing hanging on the one who goes that is written in that moment', async () => {
    for (let round = 0; round < 4; round++) {
      const [survivor, loser] = [await aCustomer(), await aCustomer()];
      const on = { recordKind: 'customers', recordId: loser };
      const links = [{ kind: 'customers', id: loser }];
      const written = [0, 1, 2].flatMap((n) => [
        post('notes', { ...on, body: `No. ${n}` }),
        post('tasks', { title: `No. ${n}`, links }),
        post('deals', { name: `No. ${n}`, customerId: loser }),
      ]);
      const [merged, ...answers] = await Promise.all([merge(survivor, loser), ...written]);
      expect(merged).toMatchObject({ status: 201 });
      expect(answers.every(({ status }) => [201, 404, 422].includes(status))).toBe(true);
      const columns = ['notes.record_id', 'task_links.record_id', 'deals.customer_id'];
      const count = async (id: string): Promise<number> =>
        (await Promise.all(columns.map((column) => rowsOf(column, id)))).reduce((sum, n) => sum + n, 0);
      const made = answers.filter(({ status }) => status === 201).length;
      expect([await count(loser), await count(survivor)]).toEqual([0, made]);
    }
  });

  it('lose nothing that comes in while they are merged, by mail or by hand', async () => {
    for (let round = 0; round < 3; round++) {
      const email = `${newId()}@okafor.example`;
      const [survivor, loser] = [await aCustomer(`${newId()}@okafor.example`), await aCustomer(email)];
      const mail = (n: number): Promise<unknown> =>
        slice.as(boss.actor, () =>
          slice.get(MailIntake).take(
            aRawMail({
              from: `Mira <${email}>`,
              to: 'support@acme.example',
              messageId: `<${newId()}@x.example>`,
              subject: `No. ${n}`,
            }),
          ),
        );
      const ask = (n: number) =>
        post('inquiries', { customerId: loser, subject: `By hand ${n}`, message: 'Where is it?' });
      const before = Array.from({ length: 4 }, (_, n) => mail(n));
      const [merged, ...asked] = await Promise.all([
        merge(survivor, loser),
        ...Array.from({ length: 4 }, (_, n) => ask(n)),
        ...before,
        ...Array.from({ length: 4 }, (_, n) => mail(n + 4)),
      ]);
      expect(merged).toMatchObject({ status: 201 });
      await worker.settled(60_000);
      const byHand = asked.slice(0, 4).filter((answer) => (answer as { status: number }).status === 201).length;
      expect({
        inquiries: await rowsOf('inquiries.customer_id', survivor),
        mails: await rowsOf('mails.customer_id', survivor),
        left: (await rowsOf('inquiries.customer_id', loser)) + (await rowsOf('mails.customer_id', loser)),
      }).toEqual({ inquiries: 8 + byHand, mails: 8, left: 0 });
      const { rows } = await slice.superuser.query(
        'select count(*)::int as n from customers where email = $1 and id <> $2',
        [email, loser],
      );
      expect(rows[0].n).toBe(0); // nobody was made anew
    }
  });

  it('with 10,000 rows become one in a statement a table, and two again with each row where it was', async () => {
    const [survivor, loser] = [await aCustomer(), await aCustomer()];
    await fill(survivor, 10, 1);
    await fill(loser, 2_500, 100);
    const counts = (): Promise<number[][]> =>
      Promise.all(
        [survivor, loser].map((id) => Promise.all(TABLES.map((table) => rowsOf(`${table}.customer_id`, id)))),
      );
    const took: number[] = [];
    const floor: number[] = [];
    const sent: number[] = [];
    for (let round = 0; round < 3; round++) {
      expect(await counts()).toEqual([Array(4).fill(10), Array(4).fill(2_500)]);
      floor.push(await plainly(loser, survivor));
      const [begun, statements] = [performance.now(), statementsSent()];
      const { status, body } = await merge(survivor, loser);
      took.push(performance.now() - begun);
      sent.push(statementsSent() - statements);
      expect(status).toBe(201);
      expect(body.moved).toMatchObject(Object.fromEntries(TABLES.map((table) => [`${table}.customer_id`, 2_500])));
      expect(await counts()).toEqual([Array(4).fill(2_510), Array(4).fill(0)]);
      expect((await post(`merges/${body.id}/undo`)).status).toBe(200);
    }
    expect(Math.max(...sent)).toBeLessThan(40);
    // what PostgreSQL itself needs for these rows with their audit trail, measured in the same moments
    expect(Math.min(...took) / Math.min(...floor)).toBeLessThan(2);
  }, 120_000);

  /** The same rows by bare statements, taken back. */
  async function plainly(from: string, to: string): Promise<number> {
    const begun = performance.now();
    await slice.superuser.query(`begin; select set_config('app.actor_id', '${newId()}', true)`);
    for (const table of TABLES)
      await slice.superuser.query(`update ${table} set customer_id = $2 where customer_id = $1`, [from, to]);
    await slice.superuser.query('rollback');
    return performance.now() - begun;
  }

  /** So many inquiries, mails, responses and steps of a customer, past every rule. */
  async function fill(customerId: string, count: number, from: number): Promise<void> {
    const { superuser } = slice;
    await superuser.query(`begin; select set_config('app.actor_id', '${newId()}', true)`);
    const values = [TENANT, customerId, count, from];
    const ids = await superuser.query<{ id: string }>(
      `insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, channel, created_by,
         message_count, customer_message_count, last_customer_message_at)
       select $1::uuid, gen_random_uuid(), n, $2, 'Many', 'Many', 'open', 'normal', 'phone', $1, 1, 1, now()
         from generate_series($4::int + 1000000, $4::int + 999999 + $3::int) n returning id`,
      values,
    );
    const inquiries = ids.rows.map(({ id }) => id);
    await superuser.query(
      `insert into mails (tenant_id, id, raw_hash, size, received_at, customer_id, subject)
       select $1::uuid, gen_random_uuid(), encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 1, now(), $2, 'Many'
         from generate_series($4::int, $4::int - 1 + $3::int)`,
      values,
    );
    await superuser.query(
      `with made as (insert into responses (tenant_id, id, inquiry_id, customer_id, message, revision, content_hash, responded_by, editors)
         select $1::uuid, gen_random_uuid(), i, $2, 'Many', 1, 'x', $1, array[$1::uuid] from unnest($3::uuid[]) i returning id)
       insert into response_steps (tenant_id, id, response_id, customer_id, kind, revision, actor_id, at)
         select $1::uuid, gen_random_uuid(), id, $2, 'submitted', 1, $1, now() from made`,
      [TENANT, customerId, inquiries],
    );
    await superuser.query('commit; analyze');
  }
});
