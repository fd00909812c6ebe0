import { createDoor } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A tenant that stands still takes no mail in: what its servers hold waits there until it works again. */
export class HeldTenantsAreNotPolled1764001700000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createDoor(q, SIGNATURE, pollsDue('and not tenant_is_held(p.tenant_id)'));
  }

  async down(q: QueryRunner): Promise<void> {
    await createDoor(q, SIGNATURE, pollsDue(''));
  }
}

const SIGNATURE = 'imap_polls_due(most int)';

const pollsDue = (unlessHeld: string): string => `returns table (tenant_id uuid, id uuid) language sql stable as $$
  select p.tenant_id, p.id from imap_polls p join mailboxes b on b.tenant_id = p.tenant_id and b.id = p.id
  where ((p.lease_until is null and p.next_poll_at <= clock_timestamp()) or p.lease_until <= clock_timestamp())
    and b.deleted_at is null ${unlessHeld}
  order by p.next_poll_at limit most $$`;
