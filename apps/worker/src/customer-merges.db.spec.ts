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
  ...['tasks:create', 'tasks:read_all', 'notes:write', 'notes:read', 'tags:manage', 'tags:apply'],
];

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
        where table_schema = 'public' and (column_name like '%customer_id' or column_name = 'record_id') order by 1`,
    );
    return rows.map(({ name }) => name);
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

  it('keep what hangs on either, and what is to be done about them, and get it back', async () => {
    const [survivor, loser] = [await aCustomer(), await aCustomer()];
    const get = (path: string) => slice.http('GET', `/api/v1/${path}`, { token: boss.token });
    const linked = async (id: string): Promise<string[]> =>
      (await get(`tasks/${id}`)).body.links.map((link: { id: string }) => link.id);
    const aTask = async (...about: string[]): Promise<string> =>
      (await post('tasks', { title: 'Call', links: about.map((id) => ({ kind: 'customers', id })) })).body.id;
    const [tag, both] = [
      (await post('tags', { name: newId() })).body.id,
      (await post('tags', { name: newId() })).body.id,
    ];
    const apply = (tagId: string, id: string) =>
      slice.http('PUT', `/api/v1/tags/${tagId}/records/customers/${id}`, { token: boss.token });
    await post('notes', { recordKind: 'customers', recordId: loser, body: 'Prefers letters.' });
    for (const [tagId, id] of [
      [tag, loser],
      [both, loser],
      [both, survivor],
    ] as const)
      await apply(tagId, id);
    const [theirs, shared] = [await aTask(loser), await aTask(loser, survivor)];
    const hanging = async (id: string): Promise<[number, number]> => [
      (await get(`notes?recordId=${id}`)).body.data.length,
      await rowsOf('record_tags.record_id', id),
    ];

    const { body } = await merge(survivor, loser);
    expect(await hanging(survivor)).toEqual([1, 2]);
    expect(await linked(theirs)).toEqual([survivor]);
    expect(body.moved).toMatchObject({ 'notes.record_id': 1, 'record_tags.record_id': 1, 'task_links.record_id': 1 });
    const tasks = await get(`tasks?linkedTo=customers:${survivor}`);
    expect(tasks.body.data.map(({ id }: { id: string }) => id).sort()).toEqual([theirs, shared].sort());
    expect((await post(`merges/${body.id}/undo`)).status).toBe(200);
    expect([await hanging(survivor), await hanging(loser)]).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect([await linked(theirs), await linked(shared)]).toEqual([[loser], [loser, survivor]]);
  });

  it('are one for what comes about them again, and for who makes a task of them in that moment', async () => {
    const [survivor, loser] = [await aCustomer(), await aCustomer()];
    const links = [{ kind: 'customers', id: loser }];
    const [merged, ...made] = await Promise.all([
      merge(survivor, loser),
      ...Array.from({ length: 8 }, (_, n) => post('tasks', { title: `Call ${n}`, links })),
    ]);
    expect(merged.status).toBe(201);
    const tasks = made.filter(({ status }) => status === 201).length;
    expect([await rowsOf('task_links.record_id', loser), await rowsOf('task_links.record_id', survivor)]).toEqual([
      0,
      tasks,
    ]);
    const id = newId();
    await slice.as(boss.actor, () =>
      slice.db.transaction(() =>
        slice.db.query(
          `insert into tasks (id, title, status, priority, zone, created_by, links) values ($1, 'Again', 'todo', 'normal', 'UTC', $1,
           jsonb_build_array(jsonb_build_object('kind', 'inquiries', 'id', $2::text), jsonb_build_object('kind', 'customers', 'id', $2::text),
             jsonb_build_object('kind', 'customers', 'id', $3::text)))`,
          [id, loser, survivor],
        ),
      ),
    );
    const { rows } = await slice.superuser.query('select links from tasks where id = $1', [id]);
    expect(rows[0].links).toEqual([
      { kind: 'inquiries', id: loser },
      { kind: 'customers', id: survivor },
    ]);
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
