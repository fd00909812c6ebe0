import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of the person: born when, at home in which zone and language, and how and when to be spoken to. */
export class Persons1764002150000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers
      add column birthday date constraint customers_birthday_is_past check (birthday between '1900-01-01' and ${LATEST_DAY}),
      add column time_zone text constraint customers_time_zone_is_a_name
        check (time_zone ~ '^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$' and length(time_zone) <= 64),
      add column language text constraint customers_language_is_a_tag
        check (language ~ '^[a-z]{2,8}(-[A-Za-z0-9]{1,8})*$' and length(language) <= 35),
      add column preferred_channel text constraint customers_preferred_channel_is_known
        check (preferred_channel in ('email', 'phone', 'sms', 'messenger', 'post')),
      add column quiet_hours jsonb constraint customers_quiet_hours_are_whole check (quiet_hours is null or ${WHOLE})`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table customers drop column birthday, drop column time_zone, drop column language,
      drop column preferred_channel, drop column quiet_hours`);
  }
}

// Where the day is furthest on, in whatever zone the session stands. Time only goes on, so what was past stays past.
const LATEST_DAY = `((now() at time zone 'UTC') + interval '14 hours')::date`;

const CLOCK = `'^([01][0-9]|2[0-3]):[0-5][0-9]$'`;
const WHOLE = `coalesce(jsonb_typeof(quiet_hours) = 'object' and quiet_hours - 'start' - 'end' = '{}'
  and quiet_hours->>'start' ~ ${CLOCK} and quiet_hours->>'end' ~ ${CLOCK}
  and quiet_hours->>'start' <> quiet_hours->>'end', false)`;
