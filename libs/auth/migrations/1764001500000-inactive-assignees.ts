import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a context sets before its column `assigned_to`: nothing becomes the work of somebody who may not come in. */
export class InactiveAssignees1764001500000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(REFUSE);
    await q.query('alter function refuse_inactive_assignee() owner to nexus_owner');
    await q.query('grant execute on function refuse_inactive_assignee() to nexus_app, nexus_definer');
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'refuse_inactive_assignee()');
  }
}

// FOR SHARE waits for whoever closes that account or hands its work over, and reads what they left. It speaks as the
// column's foreign key, whose name is the trigger's argument: to the caller there is no such assignee.
const REFUSE = `create function refuse_inactive_assignee() returns trigger language plpgsql as $$
declare is_active boolean;
begin
  select u.status = 'active' into is_active from users u where u.tenant_id = new.tenant_id and u.id = new.assigned_to for share;
  if is_active is false then
    raise exception 'the assignee may not come in' using errcode = '23503', constraint = tg_argv[0];
  end if;
  return new;
end $$`;
