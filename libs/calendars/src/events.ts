import { defineEvent } from '@app/kernel';

export const CalendarChanged = defineEvent<{ calendarId: string }>(
  'calendars.changed',
  'Its hours, or whom it counts for, are no longer what they were: deadlines that run by it are counted anew.',
);
