import { Calendars1763700300000 } from './1763700300000-calendars.js';

export const calendarsMigrations = [Calendars1763700300000];
