import { defineJob, defineSchedule, type Occasion, TENANTS_ZONE } from '@app/platform';

export const SnapshotForecast = defineJob<Occasion>('deals.snapshot-forecast', 'Keep what the forecast is this day.');
/** The last minutes of the tenant's day: what was won in it is in it. */
defineSchedule(SnapshotForecast, '50 23 * * *', TENANTS_ZONE);
