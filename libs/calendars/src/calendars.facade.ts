import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { BusinessCalendarsService } from './business-calendars/business-calendars.service.js';
import { BusinessHours } from './business-time.js';
import { type BusinessHoursSpec, daysFromNineToFive } from './opening-hours.js';

type Written = Required<BusinessHoursSpec> & { id: string; version: number };
export type DeadlinePreview = { from: Date; seconds: number; isOpen: boolean; opensAt: Date; deadline: Date };

const MOST_KNOWN = 1000;
const COLUMNS = 'c.id, c.version, c.zone, c.week, c.holidays';
const BY_ID = `select ${COLUMNS} from business_calendars c where c.tenant_id = $1 and c.id = $2`;
const BY_TEAM = `select ${COLUMNS} from business_calendars c
  left join team_calendars t on t.tenant_id = c.tenant_id and t.calendar_id = c.id and t.team_id = $2
  where c.tenant_id = $1 and (t.team_id is not null or c.is_default) order by t.team_id nulls last limit 1`;

/** What other contexts ask of calendars. */
@Injectable()
export class CalendarsFacade {
  private readonly known = new Map<string, { version: number; hours: BusinessHours }>();

  constructor(
    private readonly db: Database,
    private readonly calendars: BusinessCalendarsService,
  ) {}

  /** Null: the tenant's default calendar. @throws RecordNotFound for a calendar that is not there */
  async hoursOf(calendarId: string | null): Promise<BusinessHours> {
    if (calendarId === null) return this.hoursForTeam(null);
    const found = await this.db.one<Written>(BY_ID, [currentTenantId(), calendarId]);
    if (!found) throw new RecordNotFound('business calendar', calendarId);
    return this.parse(found);
  }

  /** The hours that the team works by; the tenant's default for none, or for one without a calendar of its own. */
  async hoursForTeam(teamId: string | null): Promise<BusinessHours> {
    const found = await this.db.one<Written>(BY_TEAM, [currentTenantId(), teamId]);
    return found ? this.parse(found) : STANDARD;
  }

  /** Monday to Friday, 9 to 17, in this zone, unless the tenant has a default calendar already. */
  provideDefault(zone: string): Promise<void> {
    return this.calendars.provideDefault(zone);
  }

  /** @throws RecordNotFound, NeverOpens, BusinessTimeOutOfReach */
  async preview(calendarId: string, from: Date, seconds: number): Promise<DeadlinePreview> {
    const hours = await this.hoursOf(calendarId);
    const deadline = hours.addBusinessTime(from, seconds);
    return { from, seconds, isOpen: hours.isOpen(from), opensAt: hours.nextOpening(from), deadline };
  }

  /** Parsing costs more than reading, and a version never changes what it says. */
  private parse({ id, version, zone, week, holidays }: Written): BusinessHours {
    const key = `${currentTenantId()} ${id}`;
    const known = this.known.get(key);
    if (known?.version === version) return known.hours;
    const hours = BusinessHours.of({ zone, week, holidays });
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(key, { version, hours });
    return hours;
  }
}

/** For the moment between a tenant's founding and its first calendar: a read writes nothing. */
const STANDARD = BusinessHours.of({ zone: 'UTC', week: daysFromNineToFive });
