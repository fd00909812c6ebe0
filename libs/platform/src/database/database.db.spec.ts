import { newId } from '@app/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TENANT } from '../testing.js';
import { Note, notesContext } from '../testing/notes-context.js';
import { runAs } from '../scope/index.js';
import { TestAuthModule } from '../testing/test-auth.module.js';
import { statementsSent } from './scoped-driver.js';
import { VersionConflict } from './errors.js';

describe('Database', () => {
  let slice: Slice;
  const ada = anActor([], { name: 'Ada' });
  const bob = anActor([], { tenantId: OTHER_TENANT, name: 'Bob' });
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [notesContext], modules: [TestAuthModule] });
  });
  beforeEach(() => slice.empty('notes', 'outbox', 'deliveries', 'audit_log', 'note_readings'));
  afterAll(() => slice.close());

  const count = async (sql: string): Promise<number> =>
    Number((await slice.superuser.query(`select count(*) as n from ${sql}`)).rows[0].n);

  it('writes a row, its event and its audit row in one statement, with who acted', async () => {
    const before = statementsSent();
    const note = await slice.as(ada, () => slice.db.create(Note.write('first')));
    expect(statementsSent() - before).toBeLessThanOrEqual(2); // the row, and the tenant when the connection was another's
    expect(note).toMatchObject({ tenantId: TENANT, version: 1, tags: ['a'] });
    const { rows } = await slice.superuser.query('select * from audit_log');
    expect(rows).toMatchObject([
      {
        tenant_id: TENANT,
        actor_id: ada.id,
        actor_name: 'Ada',
        entity: 'notes',
        entity_id: note.id,
        action: 'created',
        after: { text: 'first' },
      },
    ]);
    expect(rows[0].after).not.toHaveProperty('secret');
    expect((await slice.superuser.query('select type, payload, version, actor_id from outbox')).rows).toEqual([
      { type: 'memos.written', payload: { noteId: note.id, text: 'first' }, version: 1, actor_id: ada.id },
    ]);
  });

  it('writes several rows, with what each tells of, in one statement: all or none', async () => {
    const [first, second] = [Note.write('first'), Note.write('second')];
    const before = statementsSent();
    await slice.as(ada, () => slice.db.createAll([first, second]));
    expect(statementsSent() - before).toBeLessThanOrEqual(2);
    expect(second).toMatchObject({ tenantId: TENANT, text: 'second', version: 1, tags: ['a'] });
    second.rewrite('third');
    await slice.as(ada, () => slice.db.save(second));
    const told = await slice.superuser.query('select payload, version from outbox order by id');
    expect(told.rows).toEqual([
      { payload: { noteId: first.id, text: 'first' }, version: 1 },
      { payload: { noteId: second.id, text: 'second' }, version: 1 },
      { payload: { noteId: second.id, text: 'third' }, version: 2 },
    ]);
    const tooLong = [Note.write('fourth'), Note.write('x'.repeat(50))];
    await expect(slice.as(ada, () => slice.db.createAll(tooLong))).rejects.toThrow('notes_text_is_short');
    expect([await count('notes'), await count('outbox'), await count('audit_log')]).toEqual([2, 3, 3]);
  });

  it('audits only what changed', async () => {
    const { id } = await slice.as(ada, () => slice.db.create(Note.write('first')));
    await slice.as(ada, () => slice.db.change(Note, id, 1, (note) => note.rewrite('second')));
    const { rows } = await slice.superuser.query("select before, after from audit_log where action = 'updated'");
    expect(rows).toEqual([{ before: { text: 'first' }, after: { text: 'second' } }]);
  });

  it('refuses a stale version and leaves no event of it', async () => {
    const { id } = await slice.as(ada, () => slice.db.create(Note.write('first')));
    await slice.as(ada, () => slice.db.change(Note, id, 1, (note) => note.rewrite('second')));
    await expect(slice.as(ada, () => slice.db.change(Note, id, 1, (note) => note.rewrite('third')))).rejects.toThrow(
      VersionConflict,
    );
    expect(await count('outbox')).toBe(2);
  });

  it('lets exactly one of 50 parallel changes of one version through', async () => {
    const { id } = await slice.as(ada, () => slice.db.create(Note.write('first')));
    const changes = Array.from({ length: 50 }, (_, index) =>
      slice.as(ada, () => slice.db.change(Note, id, 1, (note) => note.rewrite(`by ${index}`))),
    );
    const outcomes = await Promise.allSettled(changes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await count('outbox')).toBe(2);
  });

  it('goes on with a transaction in which something failed behind a savepoint', async () => {
    await slice.as(ada, () =>
      slice.db.transaction(async () => {
        await slice.db.create(Note.write('first'));
        await expect(slice.db.savepoint(() => slice.db.create(Note.write('x'.repeat(60))))).rejects.toMatchObject({
          constraint: 'notes_text_is_short',
        });
        await slice.db.savepoint(() => slice.db.create(Note.write('second')));
      }),
    );
    expect(await count('notes')).toBe(2);
    expect(await count('outbox')).toBe(2);
  });

  it.each([3, 60])('decides again on the new state when no version was given, of %i at once', async (many) => {
    const { id } = await slice.as(ada, () => slice.db.create(Note.write('0')));
    await Promise.all(
      Array.from({ length: many }, () =>
        slice.as(ada, () =>
          slice.db.change(Note, id, undefined, (note) => note.rewrite(String(Number(note.text) + 1))),
        ),
      ),
    );
    expect((await slice.as(ada, () => slice.db.get(Note, id))).text).toBe(String(many));
  });

  it('runs a transaction again, as a whole, that PostgreSQL ended to undo a deadlock', async () => {
    const [one, two] = await slice.as(ada, () =>
      Promise.all([slice.db.create(Note.write('0')), slice.db.create(Note.write('0'))]),
    );
    let tries = 0;
    let holding = 0;
    let meet = (): void => {};
    const bothHoldOne = new Promise<void>((done) => (meet = done));
    const raise = async ({ id }: Note): Promise<void> => {
      const note = await slice.db.lock(Note, id);
      note.rewrite(String(Number(note.text) + 1));
      await slice.db.save(note);
    };
    const raiseBoth = (first: Note, second: Note): Promise<void> =>
      slice.as(ada, () =>
        slice.db.transaction(async () => {
          tries++;
          await raise(first);
          if (++holding === 2) meet();
          await bothHoldOne;
          await raise(second);
        }),
      );
    await Promise.all([raiseBoth(one, two), raiseBoth(two, one)]);
    expect(tries).toBe(3);
    const { rows } = await slice.superuser.query('select text, version from notes');
    expect(rows).toEqual([
      { text: '2', version: 3 },
      { text: '2', version: 3 },
    ]);
    expect(await count('outbox')).toBe(6);
  });

  it.each([
    ['40001', 5],
    ['40P01', 5],
    ['23505', 1],
    ['22012', 1],
  ])('gives up on a transaction that fails with %s after %i', async (code, most) => {
    let tries = 0;
    const work = slice.as(ada, () =>
      slice.db.transaction(async () => {
        tries++;
        await slice.db.query(`do $$ begin raise exception 'as told' using errcode = '${code}'; end $$`);
      }),
    );
    await expect(work).rejects.toMatchObject({ code });
    expect(tries).toBe(most);
  });

  it.each([
    ['40P01', 3],
    ['23514', 1],
  ])('tries a single statement that ends with %s %i times', async (code, tries) => {
    await slice.superuser.query(`
      create sequence tries;
      create function fail_twice() returns trigger language plpgsql security definer as $$ begin
        if nextval('tries') < 3 then raise exception 'as told' using errcode = '${code}'; end if;
        return new;
      end $$;
      create trigger fail_twice before insert on notes for each row execute function fail_twice();`);
    onTestFinished(async () => {
      await slice.superuser.query('drop function fail_twice() cascade; drop sequence tries');
    });

    const fault = await slice.as(ada, () => slice.db.create(Note.write('first'))).catch((failure: unknown) => failure);

    expect(await count(`tries where last_value = ${tries}`)).toBe(1);
    expect([await count('notes'), await count('outbox')]).toEqual(tries > 1 ? [1, 1] : [0, 0]);
    expect(fault instanceof Error).toBe(tries === 1);
  });

  it('keeps nothing of a transaction that fails', async () => {
    const work = slice.as(ada, () =>
      slice.db.transaction(async () => {
        await slice.db.create(Note.write('first'));
        throw new Error('later');
      }),
    );
    await expect(work).rejects.toThrow('later');
    expect(await count('notes')).toBe(0);
    expect(await count('outbox')).toBe(0);
  });

  it('does what follows from a commit after it and before its caller goes on, whatever becomes of it', async () => {
    const told: string[] = [];
    const late = async (): Promise<void> => {
      await new Promise((done) => setTimeout(done, 20));
      told.push(`${await count('notes')} written, ${slice.db.isInTransaction ? 'open' : 'over'}`);
    };
    await slice.as(ada, () =>
      slice.db.transaction(async () => {
        slice.db.afterCommit(() => Promise.reject(new Error('Nobody listens')));
        slice.db.afterCommit(late);
        await slice.db.create(Note.write('first'));
      }),
    );
    expect(told).toEqual(['1 written, over']);
  });

  it('refuses a scope that changes inside an open transaction', async () => {
    const work = slice.as(ada, () => slice.db.transaction(() => runAs(bob, 'r', () => slice.db.query('select 1'))));
    await expect(work).rejects.toThrow('The scope changed inside an open transaction');
  });

  it('shows a tenant nothing of another, and nobody anything without a tenant', async () => {
    const { id } = await slice.as(ada, () => slice.db.create(Note.write('of A')));
    expect(await slice.as(bob, () => slice.db.find(Note, id))).toBeUndefined();
    expect(await slice.as(bob, () => slice.db.query('select * from notes'))).toEqual([]);
    expect(await slice.db.query('select * from notes')).toEqual([]);
    await expect(
      slice.as(bob, () =>
        slice.db.query('insert into notes (tenant_id, id, text) values ($1, $2, $3)', [TENANT, newId(), 'x']),
      ),
    ).rejects.toThrow();
  });

  it('refuses a write without an actor, whatever the way', async () => {
    const insert = slice.superuser.query('insert into notes (tenant_id, id, text) values ($1, $2, $3)', [
      TENANT,
      newId(),
      'x',
    ]);
    await expect(insert).rejects.toMatchObject({ code: 'NX001' });
  });

  it('leaks nothing between two tenants over a small pool, with errors, timeouts and killed backends in between', async () => {
    const small = await bootSlice({
      contexts: [notesContext],
      modules: [TestAuthModule],
      env: { DATABASE_POOL_SIZE: '2' },
    });
    try {
      for (const actor of [ada, bob])
        for (let i = 0; i < 20; i++) await small.as(actor, () => small.db.create(Note.write(actor.name)));
      let leaks = 0;
      const check = (rows: { tenant_id: string }[], tenantId: string): void => {
        if (rows.length !== 20 || rows.some((row) => row.tenant_id !== tenantId)) leaks++;
      };
      const breakOff = async (index: number): Promise<void> => {
        if (index % 50 === 3) return void (await small.db.query('select pg_terminate_backend(pg_backend_pid())'));
        if (index % 50 !== 28) return void (await small.db.query('select broken'));
        await small.db.transaction(async () => {
          await small.db.query("set local statement_timeout = '5ms'");
          await small.db.query('select pg_sleep(1)');
        });
      };
      const job = async (index: number): Promise<void> => {
        const actor = index % 2 ? ada : bob;
        const read = (): Promise<void> =>
          small.db
            .query<{ tenant_id: string }>('select tenant_id from notes')
            .then((rows) => check(rows, actor.tenantId));
        await small.as(actor, async () => {
          switch (index % 5) {
            case 0:
              return read();
            case 1:
              return small.db.transaction(async () => (await read(), void (await small.db.query('select 1/0'))));
            case 2:
              return small.db.transaction(read);
            case 3:
              return breakOff(index);
            default:
              await new Promise((done) => setTimeout(done, Math.random() * 3));
              return read();
          }
        });
      };
      for (let start = 0; start < 1000; start += 40)
        await Promise.allSettled(Array.from({ length: 40 }, (_, i) => job(start + i)));
      expect(leaks).toBe(0);
      expect(
        await small.db.query(
          "select current_setting('app.tenant_id', true) as t, current_setting('app.actor_id', true) as a",
        ),
      ).toEqual([{ t: '', a: expect.toSatisfy((a) => !a) }]);
    } finally {
      await small.close();
    }
  }, 60_000); // each killed backend is a new connection
});
