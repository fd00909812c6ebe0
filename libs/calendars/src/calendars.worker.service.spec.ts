import { TeamDeleted, TenantCreated } from '@app/auth/events';
import { newId } from '@app/kernel';
import { anActor, bootSlice, type Slice, TENANT, TokenDoorModule } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BusinessCalendarsService } from './business-calendars/business-calendars.service.js';
import { CalendarsFacade } from './calendars.facade.js';
import { calendarsContext } from './index.js';
import { aCalendar } from './testing.js';

describe('The calendars worker', () => {
  let slice: Slice;
  const ada = anActor();
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [calendarsContext], app: 'worker', modules: [TokenDoorModule] });
  });
  afterAll(() => slice.close());

  it('gives a new tenant its default calendar, in its own zone', async () => {
    const founded = { tenantId: TENANT, slug: 'demo', zone: 'Asia/Kolkata' };
    await slice.as(ada, () => slice.db.publish(TenantCreated(founded), TenantCreated(founded)));
    await slice.settled();
    const { rows } = await slice.superuser.query('select name, zone, is_default from business_calendars');
    expect(rows).toEqual([{ name: 'Business hours', zone: 'Asia/Kolkata', is_default: true }]);
  });

  it('forgets a team that is gone', async () => {
    const teamId = newId();
    const calendars = slice.get(BusinessCalendarsService);
    const { id } = await slice.as(ada, () => calendars.create(aCalendar({ zone: 'Asia/Tokyo' })));
    await slice.as(ada, () => calendars.assignTeams(id, [teamId]));
    expect((await slice.as(ada, () => slice.get(CalendarsFacade).hoursForTeam(teamId))).zone).toBe('Asia/Tokyo');
    await slice.as(ada, () => slice.db.publish(TeamDeleted({ teamId })));
    await slice.settled();
    expect((await slice.as(ada, () => slice.get(CalendarsFacade).hoursForTeam(teamId))).zone).not.toBe('Asia/Tokyo');
  });
});
