import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice } from '../testing.js';
import { Explode, Note, notesContext, NotesWorker } from '../testing/notes-context.js';
import { TestAuthModule } from '../testing/test-auth.module.js';
import { runOutside } from '../scope/index.js';
import { DeadLetters } from './dead-letters.js';
import { DeliveryRunner } from './delivery.runner.js';
import { Jobs } from './jobs.js';
import { Relay } from './relay.js';

describe('the outbox', () => {
  let slice: Slice;
  let other: Slice;
  const ada = anActor([], { name: 'Ada' });
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [notesContext], app: 'worker', modules: [TestAuthModule] });
    other = slice;
  });
  beforeEach(async () => {
    NotesWorker.failures = 0;
    await slice.superuser.query('truncate notes, outbox, deliveries, audit_log, note_readings');
  });
  afterAll(() => other.close());

  const readings = async (): Promise<string[]> =>
    (await slice.superuser.query('select reader from note_readings order by reader')).rows.map(({ reader }) => reader);
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

  it('buries what fails on every attempt, shows why, and redrives it', async () => {
    NotesWorker.failures = 2;
    await write('explosive');
    await slice.settled();
    const letters = await slice.as(ada, () => slice.get(DeadLetters).list());
    expect(letters).toMatchObject([
      { type: 'notes.explode', listener: 'notes.explode', attempts: 2, lastError: 'Error: as told' },
    ]);
    const [letter] = letters;
    await slice.as(ada, () => slice.get(DeadLetters).redrive(letter!.eventId, letter!.listener));
    await slice.settled();
    expect(await readings()).toContain('exploded');
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
