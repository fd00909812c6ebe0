import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A mail may begin a lead in place of an inquiry; and there are senders whose mails begin nothing. */
export class MailsOfLeads1764002180020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('alter table mails add column lead_id uuid, drop constraint mails_routed_has_inquiry');
    await q.query(`alter table mails add constraint mails_routed_belong_somewhere check
      (state <> 'routed' or (decision is not null and (inquiry_id is null) <> (lead_id is null)))`);
    await q.query('create index mails_of_lead on mails (tenant_id, lead_id) where lead_id is not null');
    await createTenantTable(q, 'ignored_senders', SENDERS, { audit: true });
    await q.query('create index ignored_senders_by_creation on ignored_senders (tenant_id, created_at desc, id desc)');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'ignored_senders');
    await q.query(`select set_config('app.actor_id', '00000000-0000-0000-0000-000000000000', true),
      set_config('app.actor_name', 'mail.migration', true)`);
    // what began a lead waits again for whoever takes it
    await q.query(`update mails set state = 'parsed' where state = 'routed' and inquiry_id is null`);
    await q.query('alter table mails drop constraint mails_routed_belong_somewhere, drop column lead_id');
    await q.query(`alter table mails add constraint mails_routed_has_inquiry check
      (state <> 'routed' or (inquiry_id is not null and decision is not null))`);
  }
}

const SENDERS = `
  id uuid not null, pattern text not null, note text, created_by uuid not null, created_at timestamptz(3) not null default now(),
  constraint ignored_senders_pattern_is_free unique (tenant_id, pattern)`;
