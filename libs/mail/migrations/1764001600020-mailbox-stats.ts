import { createDoor, dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How the polled mailboxes stand, without a word of whose they are. */
export class MailboxStats1764001600020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createDoor(q, 'mailbox_stats()', MAILBOX_STATS);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'mailbox_stats()');
  }
}

// A mailbox may have a million ids: whether one is missing or waits is asked of the index of the open ones, never counted.
const MAILBOX_STATS = `returns table (state text, interval_seconds int, age float8, silence float8, claimed bigint, listed bigint,
    is_missing boolean, is_waiting boolean) language sql stable as $$
  select p.state, s.interval_seconds, extract(epoch from clock_timestamp() - p.compared_at)::float8,
    extract(epoch from clock_timestamp() - p.succeeded_at)::float8, p.claimed, p.listed,
    exists (select 1 from imap_uids u where u.tenant_id = p.tenant_id and u.mailbox_id = p.id and u.uid_validity = p.uid_validity
      and u.state = 'listed' and u.is_listed and u.tries > 0),
    exists (select 1 from imap_uids u where u.tenant_id = p.tenant_id and u.mailbox_id = p.id and u.uid_validity = p.uid_validity
      and u.state = 'listed' and u.is_listed and u.tries = 0)
  from imap_polls p join imap_sources s on s.tenant_id = p.tenant_id and s.id = p.id
    join mailboxes b on b.tenant_id = p.tenant_id and b.id = p.id
  where b.deleted_at is null and not exists (select 1 from tenant_holds h where h.tenant_id = p.tenant_id) $$`;
