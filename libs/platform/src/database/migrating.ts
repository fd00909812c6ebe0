import type { QueryRunner } from 'typeorm';

/** What is not in the audit trail is a decision with a reason. */
type Audit = { audit: true; except?: string[]; idColumn?: string } | { audit: false; because: string };

/**
 * Creates a tenant's table: `tenant_id` first, its primary key `(tenant_id, id)` unless the columns name another, row-level
 * security enabled and forced, grants for the application, the audit trigger. `columns` is the DDL between the parentheses.
 */
export async function createTenantTable(q: QueryRunner, table: string, columns: string, options: Audit): Promise<void> {
  const key = /primary key/i.test(columns) ? '' : ', primary key (tenant_id, id)';
  await q.query(`create table ${table} (tenant_id uuid not null default app_tenant(), ${columns}${key})`);
  await q.query(`alter table ${table} owner to nexus_owner`);
  await q.query(`select protect_tenant_table('${table}')`);
  if (options.audit) {
    const args = [(options.except ?? []).join(','), options.idColumn ?? 'id'].map((arg) => `'${arg}'`).join(', ');
    await q.query(
      `create trigger audit after insert or update or delete on ${table} for each row execute function audit_row(${args})`,
    );
  } else {
    await q.query(`comment on table ${table} is 'not audited: ${options.because.replaceAll("'", "''")}'`);
  }
}

/** The column that a kind of record needs for the tenant's own fields to stand on it, by their keys (`FieldHost`). */
export const addFieldsColumn = (q: QueryRunner, table: string): Promise<unknown> =>
  q.query(`alter table ${table} add column custom_fields jsonb not null default '{}'
    constraint ${table}_custom_fields_have_keys check (jsonb_typeof(custom_fields) = 'object')`);

export const dropFieldsColumn = (q: QueryRunner, table: string): Promise<unknown> =>
  q.query(`alter table ${table} drop column custom_fields`);

export async function dropTables(q: QueryRunner, ...tables: string[]): Promise<void> {
  for (const table of tables) await q.query(`drop table if exists ${table} cascade`);
}

/**
 * Creates a function of the system door or of a search: SECURITY DEFINER, owned by the role that row-level security does
 * not bind, its search path pinned, executable by the application alone. `signature` is `name(arg type, …)`, `body` what
 * follows it (`returns … language … as $$ … $$`). Each one is listed in `doors.ts` of the platform's test.
 */
export async function createDoor(q: QueryRunner, signature: string, body: string): Promise<void> {
  const types = signature.replace(/\s+default\s+[^,)]+/gi, '');
  await q.query(`create or replace function ${signature} ${body}`);
  await q.query(`alter function ${types} security definer set search_path = pg_catalog, public`);
  await q.query(`alter function ${types} owner to nexus_definer`);
  await q.query(`revoke all on function ${types} from public`);
  await q.query(`grant execute on function ${types} to nexus_app`);
}

/**
 * Changes a piece of what functions say, as they are by now: nothing else of them changes, neither owner nor grants.
 * @throws where one does not say it
 */
export async function rewriteFunctions(q: QueryRunner, names: string[], before: string, after: string): Promise<void> {
  for (const name of names) {
    const [found] = (await q.query(
      `select pg_get_functiondef(oid) as text from pg_proc where proname = $1 and pronamespace = 'public'::regnamespace`,
      [name],
    )) as { text: string }[];
    if (!found?.text.includes(before)) throw new Error(`The function ${name} does not say ${before}`);
    await q.query(found.text.replaceAll(before, after));
  }
}

/** A function that only reads what its caller may read. */
export const dropFunction = (q: QueryRunner, signature: string): Promise<unknown> =>
  q.query(`drop function if exists ${signature} cascade`);
