import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Long work, the files that come in and what became of their rows, and the files that go out. */
export class Transfers1764002100000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const because = 'it says how far work is; what the work changes is audited by itself';
    await createTenantTable(q, 'jobs', JOBS, { audit: false, because });
    await createTenantTable(q, 'imports', IMPORTS, { audit: true, except: ['sample'] });
    await createTenantTable(q, 'exports', EXPORTS, { audit: true });
    for (const table of ['jobs', 'imports', 'exports'])
      await q.query(`create index ${table}_of_their_own on ${table} (tenant_id, created_by, created_at desc, id desc)`);
    for (const table of ['imports', 'exports']) {
      await q.query(`create index ${table}_of_bytes on ${table} (tenant_id, hash)`);
      await q.query(`create trigger bytes after delete on ${table} for each row when (old.hash is not null)
        execute function release_file_bytes()`);
    }
    await createTenantTable(q, 'import_rows', ROWS, { audit: false, because: 'it repeats what the records say' });
    await q.query('create index import_rows_by_outcome on import_rows (tenant_id, import_id, outcome, number)');
    await createTenantTable(q, 'import_keys', KEYS, { audit: false, because: 'it repeats what the file says' });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'import_keys', 'import_rows', 'exports', 'imports', 'jobs');
  }
}

const KEPT = `
  created_by uuid not null, version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const JOBS = `
  id uuid not null, kind text not null, subject_id uuid not null,
  state text not null constraint jobs_state_is_known check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  done int not null constraint jobs_done_is_a_count check (done >= 0), total int, tally jsonb not null,
  result_url text, problem jsonb, is_cancel_asked boolean not null,
  started_at timestamptz(3), finished_at timestamptz(3), ${KEPT},
  constraint jobs_end_is_whole check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))`;

const IMPORTS = `
  id uuid not null, entity text not null, name text not null,
  hash text not null constraint imports_hash_is_sha256 check (hash ~ '^[0-9a-f]{64}$'), size int not null,
  state text not null constraint imports_state_is_known check (state in ('uploaded', 'mapped', 'checking', 'ready',
    'running', 'done', 'partial', 'failed', 'cancelled', 'undoing', 'undone')),
  encoding text not null, delimiter text not null, columns jsonb not null, sample jsonb not null,
  mapping jsonb, row_count int, pass int not null, job_id uuid, report jsonb, ${KEPT}`;

const EXPORTS = `
  id uuid not null, entity text not null, format text not null, query jsonb not null,
  state text not null constraint exports_state_is_known check (state in ('queued', 'ready', 'failed', 'cancelled')),
  job_id uuid, hash text constraint exports_hash_is_sha256 check (hash ~ '^[0-9a-f]{64}$'), size bigint, row_count int, ${KEPT},
  constraint exports_ready_have_a_file check (state <> 'ready' or hash is not null)`;

const ROWS = `
  id uuid not null default gen_random_uuid(), import_id uuid not null, pass int not null, number int not null,
  outcome text not null constraint import_rows_outcome_is_known
    check (outcome in ('created', 'updated', 'unchanged', 'refused', 'undone', 'kept')),
  record_id uuid, before jsonb, after jsonb, code text, detail text, field text, cells jsonb,
  constraint import_rows_once unique (tenant_id, import_id, pass, number),
  constraint import_rows_import foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade`;

const KEYS = `
  import_id uuid not null, pass int not null, key text not null, number int not null,
  primary key (tenant_id, import_id, pass, key),
  constraint import_keys_import foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade`;
