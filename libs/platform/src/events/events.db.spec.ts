import { getQueueToken } from '@nestjs/bull';
import type { Queue } from 'bull';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Actor, newId } from '@app/kernel';
import { parseListQuery } from '../lists/index.js';
import { anActor, bootSlice, OTHER_TENANT, type Slice } from '../testing.js';
import { Explode, Note, notesContext, NotesWorker, Tidy } from '../testing/notes-context.js';
import { TestAuthModule } from '../testing/test-auth.module.js';
import { runOutside } from '../scope/index.js';
import { DeadLetterList, DeadLetters } from './dead-letters.js';
import { DeliveryRunner, type Parcel } from './delivery.runner.js';
import { Jobs } from './jobs.js';
import { DELIVERIES, Relay } from './relay.js';
import { defineSchedule, Schedules, TENANTS_ZONE } from './schedules.js';

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
    await slice.empty('notes', 'outbox', 'deliveries', 'audit_log', 'note_readings');
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
    await slice.empty('note_readings');
    await slice.settled();
    expect(await readings()).toEqual(['again', 'read']);
  });

  it('hands work over to a Redis that came back without its scripts', async () => {
    await write('one');
    await slice.settled();
    const { client } = slice.app.get<Queue>(getQueueToken(DELIVERIES), { strict: false });
    await client.script('FLUSH');
    await write('two');
    await slice.settled();
    expect(await readings()).toEqual(['again', 'again', 'read', 'read']);
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
      ...{ type: 'memos.explode', listener: 'notes.explode', attempts: 2, lastError: 'Error: as told' },
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
    await slice.empty('note_readings');
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

  it('runs nothing for a parcel without its tenant, or under another one', async () => {
    await write('one');
    await slice.settled();
    await slice.superuser.query("update deliveries set state = 'pending', due_at = now() + interval '1 hour'");
    await slice.empty('note_readings');
    const { rows } = await slice.superuser.query<Parcel>(
      `select tenant_id as "tenantId", event_id as "eventId", listener, generation from deliveries where listener = 'notes.read'`,
    );
    const queue = slice.app.get<Queue<Partial<Parcel>>>(getQueueToken(DELIVERIES), { strict: false });
    const carry = async (over: Partial<Parcel>): Promise<void> => {
      const job = await queue.add({ ...rows[0], ...over });
      await expect.poll(() => job.getState(), { interval: 10 }).toMatch(/completed|failed/);
    };
    for (const tenantId of [undefined, '', OTHER_TENANT, newId(), 'nobody']) await carry({ tenantId });
    expect(await readings()).toEqual([]);
    await carry({});
    expect(await readings()).toEqual(['read']);
  });

  it('works a backlog off, each job once, when nobody was there for an hour', async () => {
    await slice.superuser.query(
      `insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
       select $1, gen_random_uuid(), 'job', 'memos.explode', jsonb_build_object('noteId', gen_random_uuid()), $2, 'Ada', now() - interval '1 hour'
       from generate_series(1, 300)`,
      [ada.tenantId, ada.id],
    );
    await slice.settled();
    const { rows } = await slice.superuser.query(
      'select count(*)::int as read, count(distinct note_id)::int as notes from note_readings',
    );
    expect(rows).toEqual([{ read: 300, notes: 300 }]);
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

  it('trusts Bull with no more than carrying, and keeps its work for a worker that is slow', () => {
    const { defaultJobOptions, settings } = slice.app.get<Queue>(getQueueToken(DELIVERIES), {
      strict: false,
    }) as unknown as {
      defaultJobOptions: object;
      settings: { lockDuration: number; lockRenewTime: number; maxStalledCount: number };
    };
    expect(defaultJobOptions).toMatchObject({ attempts: 1, removeOnComplete: 500, removeOnFail: 500 });
    expect(settings.lockRenewTime).toBeLessThanOrEqual(settings.lockDuration / 2);
    expect(settings.maxStalledCount).toBeGreaterThanOrEqual(3);
  });

  describe('with a schedule', () => {
    beforeAll(() => slice.get(Schedules).stop()); // its own clock: the test says what time it is
    beforeEach(() => slice.empty('schedules'));

    const occasions = async (): Promise<string[]> =>
      (
        await slice.superuser.query(
          "select payload from outbox where type = 'memos.tidy' order by payload ->> 'scheduledFor'",
        )
      ).rows.map(({ payload }) => payload.scheduledFor);
    const since = (cron: string, zone: string, from: string, tenantsZone = 'UTC'): Promise<void> => {
      defineSchedule(Tidy, cron, zone);
      return slice.as(ada, () => slice.get(Schedules).ensure(new Date(from), tenantsZone));
    };
    /** As workers find it that look once a day. */
    const lookDaily = async (from: string, days: number): Promise<void> => {
      for (let day = 0; day < days; day++)
        await slice.get(Schedules).sweep(new Date(Date.parse(from) + day * 86_400_000));
    };

    it('emits its job once, however many workers look at once', async () => {
      await since('0 6 1 1 *', 'UTC', '2024-06-01T00:00:00Z');
      await Promise.all(Array.from({ length: 10 }, () => slice.get(Schedules).sweep()));
      expect(await occasions()).toEqual(['2025-01-01T06:00:00.000Z']);
    });

    it('makes up once for all that it missed', async () => {
      await since('0 6 * * *', 'UTC', '2024-01-01T00:00:00Z');
      for (let look = 0; look < 3; look++) await slice.get(Schedules).sweep();
      expect(await occasions()).toEqual(['2024-01-01T06:00:00.000Z']);
      const { rows } = await slice.superuser.query(
        `select next_run_at > now() as "isToCome" from schedules where name = '${Tidy.name}'`,
      );
      expect(rows).toEqual([{ isToCome: true }]);
    });

    it('keeps to the clock on the wall, once in the night that has the hour not and once in the one that has it twice', async () => {
      await since('30 2 * * *', 'Europe/Berlin', '2024-03-29T12:00:00Z');
      await lookDaily('2024-03-30T12:00:00Z', 3);
      await slice.empty('schedules');
      await since('30 2 * * *', 'Europe/Berlin', '2024-10-25T12:00:00Z');
      await lookDaily('2024-10-26T12:00:00Z', 3);
      expect(await occasions()).toEqual([
        '2024-03-30T01:30:00.000Z',
        '2024-03-31T01:30:00.000Z', // 03:30: the clock went from 02:00 to 03:00
        '2024-04-01T00:30:00.000Z',
        '2024-10-26T00:30:00.000Z',
        '2024-10-27T00:30:00.000Z', // the first of two
        '2024-10-28T01:30:00.000Z',
      ]);
    });

    it("keeps to the clock on the tenant's wall, also once that is another", async () => {
      await since('0 6 * * *', TENANTS_ZONE, '2024-06-01T00:00:00Z', 'Asia/Tokyo');
      await since('0 6 * * *', TENANTS_ZONE, '2024-06-01T00:00:00Z', 'Europe/Berlin');
      await slice.get(Schedules).sweep(new Date('2024-06-01T12:00:00Z'));
      expect(await occasions()).toEqual(['2024-06-01T04:00:00.000Z']);
    });

    it('is of each tenant by itself', async () => {
      await since('0 6 1 1 *', 'UTC', '2024-06-01T00:00:00Z');
      const stranger = anActor([], { tenantId: OTHER_TENANT });
      await slice.as(stranger, () => slice.get(Schedules).ensure(new Date('2024-06-01T00:00:00Z'), 'UTC'));
      await slice.get(Schedules).sweep();
      const { rows } = await slice.superuser.query(
        "select tenant_id, actor_name from outbox where type = 'memos.tidy' order by tenant_id",
      );
      expect(rows).toEqual([
        { tenant_id: ada.tenantId, actor_name: expect.any(String) },
        { tenant_id: OTHER_TENANT, actor_name: expect.any(String) },
      ]);
    });
  });
});
