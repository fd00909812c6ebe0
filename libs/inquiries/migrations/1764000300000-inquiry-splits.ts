import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An inquiry that was made of one message of another one. A message becomes one inquiry, once. */
export class InquirySplits1764000300000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table inquiries
      add split_from uuid, add split_message_id uuid,
      add constraint inquiries_split_is_whole check ((split_from is null) = (split_message_id is null)),
      add constraint inquiries_split_once unique (tenant_id, split_message_id),
      add constraint inquiries_split_of foreign key (tenant_id, split_from) references inquiries (tenant_id, id),
      add constraint inquiries_split_message foreign key (tenant_id, split_message_id) references inquiry_messages (tenant_id, id)`);
    await q.query('create index inquiries_split on inquiries (tenant_id, split_from) where split_from is not null');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('alter table inquiries drop split_from, drop split_message_id');
  }
}
