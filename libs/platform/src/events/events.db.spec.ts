import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, newId } from '@app/kernel';
import { parseListQuery } from '../lists/index.js';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '../testing.js';
import { Explode, Note, notesContext, NotesWorker } from '../testing/notes-context.js';
import { TestAuthModule } from '../testing/test-auth.module.js';
import { runOutside } from '../scope/index.js';
import { DeadLetterList, DeadLetters } from './dead-letters.js';
import { DeliveryRunner } from './delivery.runner.js';
import { Jobs } from './jobs.js';
import { Relay } from './relay.js';

describe('the outbox', () => {
  let slice: Slice;
  let api: Slice;
  const ada = anActor([], { name: 'Ada' });
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [notesContext], app: 'worker', modules: [TestAuthModule] });
    api = await bootSlice({ contexts: [notesContext], modules: [TestAuthModule], beside: slice });
  });
  beforeEach(async () => {
    NotesWorker.failures = 0;
    NotesWorker.beforeFailure = () => Promise.resolve();
    await slice.superuser.query('truncate notes, outbox, deliveries, audit_log, note_readings');
  });
  afterAll(async () => {
    await api.close();
    await slice.close();
  });

  const readings = async (): Promise<string[]> =>
    (await slice.superuser.query('select reader from note_readings order by reader')).rows.map(({ reader }) => reader);
  const deadLetters = async () =>
    (await api.as(ada, () => api.get(DeadLetters).list(parseListQuery({}, DeadLetterList)))).data;
  const aDeadLetter = async () => {
    NotesWorker.failures = 2;
    await write('explosive');
    await slice.settled();
    return deadLetters();
  };
  const trail = async () =>
    (await slice.superuser.query("select entity_id, action, actor_name from audit_log where entity = 'deliveries'"))
      .rows;
  const write = (text: string): Promise<Note> => slice.as(ada, () => slice.db.create(Note.write(text)));

  it('gives each event to every listener once', async () => {
    await Promise.all([write('one'), write('two')]);
    await slice.settled();
    expect(await readings()).toEqual(['again', 'again', 'read', 'read']);
  });

  it('does not run a listener again, however often the event is delivered', async () => {
    const note = await write('one');
    await slice.settled();
    const { rows } = await slice.superuser.query('select tenant_id, event_id, listener, generation from deliveries');
    const runner = slice.get(DeliveryRunner);
    for (const row of [...rows, ...rows]) {
      await runner.run({
        tenantId: row.tenant_id,
        eventId: row.event_id,
        listener: row.listener,
        generation: row.generation,
      });
    }
    expect(await readings()).toEqual(['again', 'read']);
    expect(note.id).toBeTruthy();
  });

  it('rebuilds what Redis lost', async () => {
    await write('one');
    await slice.settled();
    await slice.superuser.query("update deliveries set state = 'pending', due_at = now() - interval '1 second'");
    await slice.superuser.query('truncate note_readings');
    await slice.settled();
    expect(await readings()).toEqual(['again', 'read']);
  });

  it('keeps the effect and the settled delivery together: a failing listener leaves nothing', async () => {
    NotesWorker.failures = 1;
    await write('explosive');
    await slice.settled();
    expect(await readings()).toEqual(['again', 'exploded', 'read']);
  });

  it('tries again soon when it was the database that went away', async () => {
    const limit = (most: number) =>
      slice.superuser.query(`alter database ${slice.database.name} connection limit ${most}`);
    NotesWorker.failures = 1;
    NotesWorker.beforeFailure = async () => {
      await limit(0);
      await slice.superuser.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename = 'nexus_app'",
      );
      setTimeout(() => void limit(-1), 2500);
    };
    await write('explosive');
    await expect.poll(readings, { timeout: 20_000 }).toContain('exploded');
    const { rows } = await slice.superuser.query(
      "select state, attempts from deliveries where listener = 'notes.explode'",
    );
    expect(rows).toEqual([{ state: 'done', attempts: 2 }]);
  });

  it('buries what fails on every attempt, shows why, and redrives it', async () => {
    const [letter] = await aDeadLetter();
    expect(letter).toMatchObject({
      ...{ type: 'notes.explode', listener: 'notes.explode', attempts: 2, lastError: 'Error: as told' },
    });
    await api.as(ada, () => api.get(DeadLetters).redrive(letter!.id));
    await slice.settled();
    expect(await readings()).toContain('exploded');
    expect(await deadLetters()).toEqual([]);
    expect(await trail()).toEqual([{ entity_id: letter!.id, action: 'redriven', actor_name: 'Ada' }]);
  });

  it('gives up what is discarded, for good', async () => {
    const [letter] = await aDeadLetter();
    await api.as(ada, () => api.get(DeadLetters).discard(letter!.id));
    await slice.settled();
    expect(await deadLetters()).toEqual([]);
    expect(await readings()).not.toContain('exploded');
    expect(await trail()).toEqual([{ entity_id: letter!.id, action: 'discarded', actor_name: 'Ada' }]);
  });

  it("redrives nothing that is not dead, is not there, or is another tenant's", async () => {
    const [letter] = await aDeadLetter();
    const stranger = anActor([], { tenantId: OTHER_TENANT });
    const redrive = (who: Actor, id: string) => api.as(who, () => api.get(DeadLetters).redrive(id));
    for (const id of ['', 'nothing', `${newId()}.notes.explode`, letter!.id.replace('explode', 'read')]) {
      await expect(redrive(ada, id)).rejects.toMatchObject({ kind: 'not_found' });
    }
    await expect(redrive(stranger, letter!.id)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await deadLetters()).toHaveLength(1);
  });

  it('fences a worker that comes back from the dead', async () => {
    await write('one');
    await slice.settled();
    await slice.superuser.query(
      "update deliveries set state = 'running', attempts = 7, due_at = now() + interval '1 hour' where listener = 'notes.read'",
    );
    await slice.superuser.query('truncate note_readings');
    const { rows } = await slice.superuser.query("select * from deliveries where listener = 'notes.read'");
    const parcel = {
      tenantId: rows[0].tenant_id,
      eventId: rows[0].event_id,
      listener: 'notes.read',
      generation: rows[0].generation,
    };
    const runner = slice.get(DeliveryRunner);
    await Promise.all([runner.run(parcel), runner.run(parcel)]);
    expect((await readings()).length).toBeLessThanOrEqual(1);
  });

  it('runs a job not before its time', async () => {
    const at = new Date(Date.now() + 1500);
    await slice.as(ada, () => slice.get(Jobs).enqueue(Explode, { noteId: newId() }, at));
    await slice.settled();
    expect(await readings()).toEqual([]);
    await expect.poll(readings, { timeout: 6000 }).toEqual(['exploded']);
    expect(Date.now()).toBeGreaterThanOrEqual(at.getTime());
  });

  it('leaves a job that nobody here handles to a worker that does', async () => {
    const { rows } = await slice.superuser.query(
      "insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name) values ($1, $2, 'job', 'elsewhere.do', '{}', $2, 'Ada') returning id",
      [ada.tenantId, newId()],
    );
    await slice.get(Relay).sweep();
    const left = await slice.superuser.query('select published_at from outbox where id = $1', [rows[0].id]);
    expect(left.rows).toEqual([{ published_at: null }]);
    expect(await slice.get(Relay).sweep()).toBe(0);
  });

  it('does not skip what commits late', async () => {
    const late = slice.as(ada, () =>
      slice.db.transaction(async () => {
        await slice.db.create(Note.write('late'));
        await new Promise((done) => setTimeout(done, 1500));
      }),
    );
    await write('early');
    await slice.settled();
    await late;
    await slice.settled();
    expect(await readings()).toHaveLength(4);
  });

  it('answers what is due from an index', async () => {
    await slice.superuser.query('set enable_seqscan = off');
    const { rows } = await slice.superuser.query<Record<string, string>>(
      'explain select * from outbox where published_at is null and run_at <= now() order by run_at limit 10',
    );
    expect(rows.map((row) => row['QUERY PLAN']).join()).toContain('outbox_due');
    expect(await runOutside(() => slice.db.query('select * from outbox'))).toEqual([]);
  });
});
