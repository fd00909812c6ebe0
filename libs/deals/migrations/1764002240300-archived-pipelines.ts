import { dropFunction } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ways of selling that are over: what was sold by them stays, and nothing is sold by them any more. */
export class ArchivedPipelines1764002240300 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table pipelines add column archived_at timestamptz(3),
      add constraint pipelines_default_is_in_use check (not is_default or archived_at is null)`);
    await q.query(GUARD);
    await q.query(`create trigger pipeline_in_use before insert on deals for each row
      when (new.status = 'open' and new.deleted_at is null) execute function deal_needs_pipeline()`);
    await q.query(`create trigger pipeline_still_in_use before update of pipeline_id, status, deleted_at on deals for each row
      when (new.status = 'open' and new.deleted_at is null
        and (old.pipeline_id <> new.pipeline_id or old.status <> 'open' or old.deleted_at is not null))
      execute function deal_needs_pipeline()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'deal_needs_pipeline()');
    await q.query('alter table pipelines drop constraint pipelines_default_is_in_use, drop column archived_at');
  }
}

/**
 * No deal is open in a pipeline that is archived, however it comes there: begun, moved, reopened or out of the trash. The row is
 * held, so that one that is being archived is waited for, and one that a deal comes into is archived after that.
 */
const GUARD = `create function deal_needs_pipeline() returns trigger language plpgsql as $$
declare
  since timestamptz;
begin
  select p.archived_at into since from pipelines p where p.tenant_id = new.tenant_id and p.id = new.pipeline_id for key share;
  if since is not null then
    raise exception 'the pipeline is archived' using errcode = '23514', constraint = 'deals_pipeline_is_in_use';
  end if;
  return new;
end $$`;
