import { createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { forgetFrom } from './forgetting.js';

/** Files on records of any kind: what they are called, and the versions of their bytes. */
export class Files1764002044000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'files', FILES, { audit: true });
    await q.query('create index files_of_record on files (tenant_id, record_id, created_at desc, id desc)');
    await q.query('create index files_by_time on files (tenant_id, created_at desc, id desc)');
    await createTenantTable(q, 'file_versions', VERSIONS, { audit: true });
    await q.query('create index file_versions_of_bytes on file_versions (tenant_id, hash)');
    await q.query(RELEASE);
    await q.query(
      'create trigger bytes after delete on file_versions for each row execute function release_file_bytes()',
    );
    await forgetFrom(q, ['notes', 'record_tags', 'files']);
  }

  async down(q: QueryRunner): Promise<void> {
    await forgetFrom(q, ['notes', 'record_tags']);
    await dropTables(q, 'file_versions', 'files');
    await dropFunction(q, 'release_file_bytes()');
  }
}

const FILES = `
  id uuid not null, record_kind text not null, record_id uuid not null, name text not null, latest int not null,
  created_by uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp()`;

const VERSIONS = `
  id uuid not null, file_id uuid not null, number int not null,
  hash text not null constraint file_versions_hash_is_sha256 check (hash ~ '^[0-9a-f]{64}$'),
  size int not null constraint file_versions_hold_something check (size > 0), mime_type text not null,
  state text not null constraint file_versions_state_is_known check (state in ('available', 'quarantined', 'infected')),
  finding text, created_by uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(), updated_at timestamptz(3) not null default clock_timestamp(),
  constraint file_versions_are_numbered unique (tenant_id, file_id, number),
  constraint file_versions_file foreign key (tenant_id, file_id) references files (tenant_id, id) on delete cascade`;

// Whatever deletes the row, its bytes are looked at an hour later: somebody who stores the same ones now may not have committed.
const RELEASE = `create function release_file_bytes() returns trigger language plpgsql as $$
  begin
    insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at)
      values (old.tenant_id, gen_random_uuid(), 'job', 'records.forget-bytes', jsonb_build_object('hash', old.hash),
        current_setting('app.actor_id')::uuid, current_setting('app.actor_name'), clock_timestamp() + interval '1 hour');
    return null;
  end $$`;
