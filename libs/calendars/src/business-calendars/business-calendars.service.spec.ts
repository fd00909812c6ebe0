import { newId } from '@app/kernel';
import { Provides, TeamNotFound, type TeamRoll, TeamRollPort, VersionConflict } from '@app/platform';
import { Module } from '@nestjs/common';
import { anActor, bootSlice, OTHER_TENANT, type Slice, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CalendarsFacade } from '../calendars.facade.js';
import { calendarsContext } from '../index.js';
import { aCalendar, intervals, local } from '../testing.js';
import { CalendarInUse, CalendarIsDefault, CalendarNameTaken } from './business-calendar.errors.js';
import { BusinessCalendarsService } from './business-calendars.service.js';

/** Whoever keeps the teams, as auth does. */
@Provides(TeamRollPort)
class Teams implements TeamRoll {
  static readonly gone = new Set<string>();

  existingTeams(ids: readonly string[]): Promise<string[]> {
    return Promise.resolve(ids.map((id) => id.toLowerCase()).filter((id) => !Teams.gone.has(id)));
  }
}

@Module({ providers: [Teams] })
class TeamsModule {}

describe('Business calendars', () => {
  let slice: Slice;
  let calendars: BusinessCalendarsService;
  let facade: CalendarsFacade;
  const ada = anActor();
  const bob = anActor([], { tenantId: OTHER_TENANT });
  const as = <T>(work: () => Promise<T>): Promise<T> => slice.as(ada, work);

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [calendarsContext], modules: [TokenDoorModule, TeamsModule] });
    calendars = slice.get(BusinessCalendarsService);
    facade = slice.get(CalendarsFacade);
  });
  beforeEach(() => slice.empty('team_calendars', 'business_calendars', 'outbox', 'deliveries'));
  afterAll(() => slice.close());

  const defaults = async (): Promise<string[]> =>
    (await slice.superuser.query('select name from business_calendars where is_default')).rows.map(({ name }) => name);
  const changed = async (): Promise<string[]> =>
    (await slice.superuser.query("select payload->>'calendarId' as id from outbox order by at, id")).rows.map(
      ({ id }) => id,
    );

  it('the first of a tenant is its default, also of 20 drawn at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => as(() => calendars.create(aCalendar({ name: `Calendar ${index}` })))),
    );
    expect(await defaults()).toHaveLength(1);
  });

  it('one is the default after many were made so at once', async () => {
    const drawn = [];
    for (const name of ['A', 'B', 'C', 'D']) drawn.push(await as(() => calendars.create(aCalendar({ name }))));
    await Promise.all([...drawn, ...drawn].map(({ id }) => as(() => calendars.makeDefault(id))));
    expect(await defaults()).toHaveLength(1);
  });

  it('both the former and the new default tell that they count for others now', async () => {
    const [former, next] = [
      await as(() => calendars.create(aCalendar())),
      await as(() => calendars.create(aCalendar({ name: 'B' }))),
    ];
    await as(() => calendars.makeDefault(next.id, 1));
    expect(await changed()).toEqual([former.id, next.id]);
    await as(() => calendars.makeDefault(next.id));
    expect(await changed()).toHaveLength(2);
  });

  it('no two have one name, whatever its case', async () => {
    await as(() => calendars.create(aCalendar({ name: 'Support' })));
    await expect(as(() => calendars.create(aCalendar({ name: 'SUPPORT' })))).rejects.toThrow(CalendarNameTaken);
    const other = await as(() => calendars.create(aCalendar({ name: 'Sales' })));
    await expect(as(() => calendars.revise(other.id, aCalendar({ name: 'support' })))).rejects.toThrow(
      CalendarNameTaken,
    );
  });

  it('are not overwritten by who saw an older version', async () => {
    const { id } = await as(() => calendars.create(aCalendar()));
    await as(() => calendars.revise(id, aCalendar({ zone: 'Asia/Tokyo' }), 1));
    await expect(as(() => calendars.revise(id, aCalendar({ zone: 'UTC' }), 1))).rejects.toThrow(VersionConflict);
  });

  it('stay while they are the default or somebody works by them', async () => {
    const standard = await as(() => calendars.create(aCalendar()));
    const { id } = await as(() => calendars.create(aCalendar({ name: 'B' })));
    await expect(as(() => calendars.remove(standard.id))).rejects.toThrow(CalendarIsDefault);
    await as(() => calendars.assignTeams(id, [newId()]));
    await expect(as(() => calendars.remove(id))).rejects.toThrow(CalendarInUse);
    await as(() => calendars.assignTeams(id, []));
    await as(() => calendars.remove(id));
    await expect(as(() => facade.hoursOf(id))).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('count for the team that was assigned last, and tell so', async () => {
    const [team, other] = [newId(), newId()];
    const standard = await as(() => calendars.create(aCalendar({ zone: 'UTC' })));
    const tokyo = await as(() => calendars.create(aCalendar({ name: 'Tokyo', zone: 'Asia/Tokyo' })));
    const lima = await as(() => calendars.create(aCalendar({ name: 'Lima', zone: 'America/Lima' })));
    await as(() => calendars.assignTeams(tokyo.id, [team, other]));
    expect((await as(() => facade.hoursForTeam(team))).zone).toBe('Asia/Tokyo');
    await slice.empty('outbox', 'deliveries');
    await as(() => calendars.assignTeams(lima.id, [team, team]));
    expect((await as(() => facade.hoursForTeam(team))).zone).toBe('America/Lima');
    expect((await as(() => facade.hoursForTeam(other))).zone).toBe('Asia/Tokyo');
    expect(await changed()).toEqual([tokyo.id, lima.id]);
    await as(() => calendars.forgetTeam(other));
    expect((await as(() => facade.hoursForTeam(other))).zone).toBe('UTC');
    expect(standard.isDefault).toBe(true);
  });

  it('count for no team that is not there, and then for none of those named with it', async () => {
    const [team, gone] = [newId(), newId()];
    const { id } = await as(() => calendars.create(aCalendar({ zone: 'Asia/Tokyo' })));
    await as(() => calendars.create(aCalendar({ name: 'Standard', zone: 'UTC' })));
    Teams.gone.add(gone);
    await expect(as(() => calendars.assignTeams(id, [team, gone]))).rejects.toThrow(TeamNotFound);
    expect((await slice.superuser.query('select 1 from team_calendars')).rowCount).toBe(0);
    await as(() => calendars.assignTeams(id, [team.toUpperCase()]));
    expect((await as(() => facade.hoursForTeam(team))).zone).toBe('Asia/Tokyo');
  });

  it('are read anew after a change, and parsed once until then', async () => {
    const { id } = await as(() => calendars.create(aCalendar()));
    const before = await as(() => facade.hoursOf(null));
    expect(await as(() => facade.hoursOf(id))).toBe(before);
    expect(before.addBusinessTime(local('2026-10-02T16:30'), 3600)).toEqual(local('2026-10-05T09:30'));
    await as(() => calendars.revise(id, aCalendar({ holidays: [{ date: '2026-10-05' }] })));
    const after = await as(() => facade.hoursOf(id));
    expect(after.addBusinessTime(local('2026-10-02T16:30'), 3600)).toEqual(local('2026-10-06T09:30'));
  });

  it('come back from the database as they were written', async () => {
    const document = aCalendar({
      week: { 7: intervals('00:00-24:00'), 2: intervals('08:00-12:00 13:30-17:00') },
      holidays: [{ date: '2026-12-24', hours: intervals('09:00-12:00') }],
    });
    const { id } = await as(() => calendars.create(document));
    const { name, ...spec } = document;
    expect(name).toBe('Support');
    expect((await as(() => facade.hoursOf(id))).spec).toEqual(spec);
    await as(() => calendars.revise(id, document));
    expect(await changed()).toEqual([]);
  });

  it('of one tenant are nobody else’s', async () => {
    const { id } = await as(() => calendars.create(aCalendar()));
    await expect(slice.as(bob, () => facade.hoursOf(id))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(slice.as(bob, () => calendars.revise(id, aCalendar()))).rejects.toMatchObject({ kind: 'not_found' });
    expect((await slice.as(bob, () => facade.hoursOf(null))).zone).toBe('UTC');
  });

  it('are provided where there are none, once, in the given zone', async () => {
    await Promise.all([1, 2, 3].map(() => as(() => facade.provideDefault('Asia/Kolkata'))));
    await as(() => facade.provideDefault('UTC'));
    expect(await defaults()).toEqual(['Business hours']);
    expect((await as(() => facade.hoursForTeam(null))).zone).toBe('Asia/Kolkata');
  });
});
