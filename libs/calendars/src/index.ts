import { defineContext } from '@app/platform';
import { calendarsMigrations } from '../migrations/index.js';
import { BusinessCalendar } from './business-calendars/business-calendar.entity.js';
import { CalendarPermissions } from './business-calendars/calendar.policy.js';
import { CalendarsApiModule, CalendarsWorkerModule } from './calendars.module.js';

export { BusinessHours } from './business-time.js';
export * from './business-time.errors.js';
export { CalendarPermissions } from './business-calendars/calendar.policy.js';
export { CalendarsFacade, type DeadlinePreview } from './calendars.facade.js';
export { CalendarsModule } from './calendars.module.js';
export * from './deadline.js';
export type { BusinessHoursSpec, Holiday, OpenInterval, Weekday } from './opening-hours.js';

export const calendarsContext = defineContext({
  name: 'calendars',
  version: '1.0.0',
  description: 'Business hours, holidays and zones, and the deadlines that run by them.',
  uses: [],
  api: CalendarsApiModule,
  worker: CalendarsWorkerModule,
  entities: [BusinessCalendar],
  migrations: calendarsMigrations,
  permissions: [CalendarPermissions],
});
