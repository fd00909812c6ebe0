export { BusinessHours } from './business-time.js';
export * from './business-time.errors.js';
export * from './deadline.js';
export type { BusinessHoursSpec, Holiday, OpenInterval, Weekday } from './opening-hours.js';
