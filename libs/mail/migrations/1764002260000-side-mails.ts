import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A mail may answer a side conversation of an inquiry: then it is no mail of the inquiry, whose customer has no part in it.
 * Whose answers are let in is said once a conversation, by the thread of that kind.
 */
export class SideMails1764002260000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      'alter table mails add column side_conversation_id uuid, drop constraint mails_routed_belong_somewhere',
    );
    await q.query(`alter table mails add constraint mails_routed_belong_somewhere check
      (state <> 'routed' or (decision is not null and num_nonnulls(inquiry_id, lead_id, side_conversation_id) = 1))`);
    await q.query(
      'create index mails_of_side_conversation on mails (tenant_id, side_conversation_id) where side_conversation_id is not null',
    );
    await q.query(`alter table mail_threads add column side_conversation_id uuid, add column addresses text[] not null default '{}',
      drop constraint mail_threads_kind_is_known,
      add constraint mail_threads_kind_is_known check (kind in ('message_id', 'response', 'number', 'side_conversation')),
      add constraint mail_threads_side_names_itself check
        (kind <> 'side_conversation' or coalesce(key = side_conversation_id::text, false)),
      add constraint mail_threads_number_is_of_inquiry check (kind <> 'number' or side_conversation_id is null)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('delete from mail_threads where side_conversation_id is not null');
    await q.query(`alter table mail_threads drop constraint mail_threads_number_is_of_inquiry,
      drop constraint mail_threads_side_names_itself, drop constraint mail_threads_kind_is_known,
      add constraint mail_threads_kind_is_known check (kind in ('message_id', 'response', 'number')),
      drop column addresses, drop column side_conversation_id`);
    await q.query(`select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
      set_config('app.actor_name', 'mail.migration', true)`);
    // what answered a side conversation stays among the mails, to be seen there
    await q.query(`update mails set state = 'parsed' where state = 'routed' and side_conversation_id is not null`);
    await q.query('alter table mails drop constraint mails_routed_belong_somewhere, drop column side_conversation_id');
    await q.query(`alter table mails add constraint mails_routed_belong_somewhere check
      (state <> 'routed' or (decision is not null and (inquiry_id is null) <> (lead_id is null)))`);
  }
}
