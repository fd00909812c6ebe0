import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOLLOWING = ['inquiries', 'mails'];

/** What comes in for a customer who was merged, also in that moment, is the survivor's. */
export class InquiriesFollowMerges1764002064000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const table of FOLLOWING)
      await q.query(`create trigger follow_merge before insert or update of customer_id on ${table} for each row
        when (new.customer_id is not null) execute function customers_follow_merge()`);
    await q.query(FOLLOW);
    await q.query(`create trigger follow_merge before insert or update of target_id on inquiry_links for each row
      when (new.target_type = 'customer') execute function inquiry_links_follow_merge()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'inquiry_links_follow_merge()');
    for (const table of FOLLOWING) await q.query(`drop trigger follow_merge on ${table}`);
  }
}

const FOLLOW = `create function inquiry_links_follow_merge() returns trigger language plpgsql as $$
begin
  new.target_id := customers_survivor(new.tenant_id, new.target_id);
  return new;
end $$`;
