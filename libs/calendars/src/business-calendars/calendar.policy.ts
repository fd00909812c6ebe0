import { definePermissions } from '@app/kernel';

export const CalendarPermissions = definePermissions('calendars', {
  read: 'See business hours and holidays, and try out what deadlines come of them',
  manage: 'Change business hours and holidays, and say which teams work by them',
});
