import { assertTeamsExist, currentTenantId, Database, isDatabaseFault, onConstraint, Ports } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CalendarChanged } from '../events.js';
import { daysFromNineToFive } from '../opening-hours.js';
import { BusinessCalendar, type CalendarDocument } from './business-calendar.entity.js';
import { CalendarInUse, CalendarNameTaken } from './business-calendar.errors.js';

const FOREIGN_KEY = '23503';

@Injectable()
export class BusinessCalendarsService {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** A tenant's first calendar is its default. @throws BusinessHoursInvalid, CalendarNameTaken */
  create(document: CalendarDocument): Promise<BusinessCalendar> {
    return this.db.transaction(async () => {
      const isFirst = !(await this.lockDefault());
      return this.db.create(BusinessCalendar.draw(document, isFirst)).catch(nameTaken(document.name));
    });
  }

  revise(id: string, document: CalendarDocument, version?: number): Promise<BusinessCalendar> {
    return this.db
      .change(BusinessCalendar, id, version, (calendar) => calendar.revise(document))
      .catch(nameTaken(document.name));
  }

  makeDefault(id: string, version?: number): Promise<void> {
    return this.db.transaction(async () => {
      const former = await this.lockDefault();
      const calendar = await this.db.lock(BusinessCalendar, id, version);
      if (former?.id === calendar.id) return;
      if (former) {
        former.yieldDefault();
        await this.db.save(former);
      }
      calendar.becomeDefault();
      await this.db.save(calendar);
    });
  }

  /**
   * These teams work by this calendar from now on, whichever they worked by before; all others of it by the default.
   * @throws TeamNotFound
   */
  assignTeams(id: string, teamIds: readonly string[], version?: number): Promise<void> {
    return this.db.transaction(async () => {
      await assertTeamsExist(this.ports, teamIds);
      await this.lockDefault();
      const calendar = await this.db.lock(BusinessCalendar, id, version);
      const left = await this.db.query<{ calendar_id: string }>(
        `select distinct calendar_id from team_calendars where tenant_id = $1 and team_id = any($2) and calendar_id <> $3`,
        [currentTenantId(), teamIds, id],
      );
      await this.db.query(
        'delete from team_calendars where tenant_id = $1 and calendar_id = $2 and team_id <> all($3)',
        [currentTenantId(), id, teamIds],
      );
      await this.db.query(
        `insert into team_calendars (tenant_id, team_id, calendar_id) select distinct $1::uuid, team, $2::uuid from unnest($3::uuid[]) team
         on conflict (tenant_id, team_id) do update set calendar_id = excluded.calendar_id`,
        [currentTenantId(), id, teamIds],
      );
      await this.db.publish(...left.map(({ calendar_id }) => CalendarChanged({ calendarId: calendar_id })));
      calendar.serveOthers();
      await this.db.save(calendar);
    });
  }

  /** The calendar is gone for good. @throws CalendarIsDefault, CalendarInUse */
  remove(id: string, version?: number): Promise<void> {
    return this.db
      .transaction(async () => {
        const calendar = await this.db.lock(BusinessCalendar, id, version);
        calendar.assertRemovable();
        await this.db.remove(calendar);
      })
      .catch((error: unknown) => {
        throw isDatabaseFault(error) && error.code === FOREIGN_KEY ? new CalendarInUse(id) : error;
      });
  }

  /** Monday to Friday, 9 to 17, in this zone, unless the tenant has a default calendar already. */
  provideDefault(zone: string): Promise<void> {
    return this.db.transaction(async () => {
      if (await this.lockDefault()) return;
      const document = { name: 'Business hours', zone, week: daysFromNineToFive };
      await this.db.create(BusinessCalendar.draw(document, true));
    });
  }

  async forgetTeam(teamId: string): Promise<void> {
    await this.db.transaction(() =>
      this.db.query('delete from team_calendars where tenant_id = $1 and team_id = $2', [currentTenantId(), teamId]),
    );
  }

  /** The default, held still until the transaction ends. The lock is the tenant's: there may be no row yet to lock. */
  private async lockDefault(): Promise<BusinessCalendar | undefined> {
    await this.db.query("select pg_advisory_xact_lock(hashtextextended('calendars.default ' || $1::text, 0))", [
      currentTenantId(),
    ]);
    const [found] = await this.db.findWhere(BusinessCalendar, 'tenant_id = $1 and is_default', [currentTenantId()]);
    return found;
  }
}

const nameTaken = (name: string): ((error: unknown) => never) =>
  onConstraint('business_calendars_name_is_free', () => new CalendarNameTaken(name));
