import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An inquiry goes on in another one. That the other one goes on itself, so that there are neither chains nor cycles, is a
 * foreign key: the two generated columns say what it compares.
 */
export class InquiryMerges1764000200000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table inquiries
      add status_before_merge text constraint inquiries_way_back_from_merge_is_known check (status_before_merge in ${MERGEABLE}),
      add merged_into uuid,
      add merged_at timestamptz(3),
      add goes_on boolean not null generated always as (merged_into is null) stored,
      add ends_in_one_that_goes_on boolean generated always as (case when merged_into is not null then true end) stored,
      drop constraint inquiries_status_is_known,
      add constraint inquiries_status_is_known check (status in ${STATUS}),
      add constraint inquiries_merge_is_whole check (num_nulls(merged_into, merged_at, status_before_merge) in (0, 3)),
      add constraint inquiries_merged_goes_on_elsewhere check ((status = 'merged') = (merged_into is not null)),
      add constraint inquiries_not_merged_into_itself check (merged_into <> id),
      add constraint inquiries_going_on unique (tenant_id, id, goes_on),
      add constraint inquiries_merged_into_one_that_goes_on foreign key (tenant_id, merged_into, ends_in_one_that_goes_on)
        references inquiries (tenant_id, id, goes_on)`);
    await q.query('create index inquiries_merged on inquiries (tenant_id, merged_into) where merged_into is not null');
  }

  /** What was merged stands by itself again. */
  async down(q: QueryRunner): Promise<void> {
    await q.query(`select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
      set_config('app.actor_name', 'migration', true)`);
    await q.query('alter table inquiries drop constraint inquiries_merged_goes_on_elsewhere');
    await q.query(`update inquiries set status = status_before_merge where status = 'merged'`);
    await q.query(`alter table inquiries
      drop constraint inquiries_merged_into_one_that_goes_on,
      drop constraint inquiries_going_on,
      drop goes_on, drop ends_in_one_that_goes_on, drop merged_into, drop merged_at, drop status_before_merge,
      drop constraint inquiries_status_is_known,
      add constraint inquiries_status_is_known check (status in ${STATUS_BEFORE})`);
  }
}

const MERGEABLE = `('new', 'open', 'pending_customer', 'on_hold', 'resolved')`;
const STATUS_BEFORE = `('new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam')`;
const STATUS = `('new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam', 'merged')`;
