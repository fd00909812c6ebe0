import { type DomainEvent, newId } from '@app/kernel';
import { columnAt, type Mapped, type RowMapper } from './row-mapper.js';

export type Statement = { text: string; values: unknown[] };
/** `impersonatorId`: empty where whoever writes is who they are. */
export type Writer = { id: string; name: string; requestId: string; impersonatorId: string };

/** One outbox row to be: an event the row raised, or a job that must follow from it. */
export type OutboxRow = {
  id: string;
  kind: 'event' | 'job';
  type: string;
  payload: object;
  run_at?: string;
  /** Of the record that raised it, where the row is not written along with it. */
  version?: number;
};

/** Hears which facts a tenant's commit left. */
export type OutboxListener = (tenantId: string, facts: readonly OutboxRow[]) => void;

export const outboxRowOf = (event: DomainEvent): OutboxRow => ({
  id: newId(),
  kind: 'event',
  type: event.type,
  payload: event.payload,
});

const WHO = `who as materialized (select set_config('app.actor_id',$1,true), set_config('app.actor_name',$2,true), set_config('app.request_id',$3,true), set_config('app.impersonator_id',$4,true))`;
const eventsIn = (parameter: number): string =>
  `jsonb_to_recordset($${parameter}::jsonb) e(id uuid, kind text, type text, payload jsonb, run_at timestamptz, version int)`;
const EVENTS_AT = 5;
const FIRST_FREE = 6;

const tell = (saved: string, version: string, parameter: number): string =>
  `insert into outbox (tenant_id, id, kind, type, payload, version, actor_id, actor_name, request_id, run_at)
      select ${saved}.tenant_id, e.id, e.kind, e.type, e.payload, ${version}, $1::uuid, $2, $3, coalesce(e.run_at, clock_timestamp()) from ${saved}, ${eventsIn(parameter)}`;

/** The actor travels inside the statement, and so do the row's facts: nothing is told unless the row is written. */
function withFacts(saved: string, version: string, list: string): string {
  return `with ${WHO}, saved as (${saved}),
    told as (${tell('saved', version, EVENTS_AT)})
    select ${list} from saved`;
}

const whoOf = ({ id, name, requestId, impersonatorId }: Writer): unknown[] => [id, name, requestId, impersonatorId];
const head = (writer: Writer, rows: OutboxRow[]): unknown[] => [...whoOf(writer), JSON.stringify(rows)];
const versionOf = (mapper: RowMapper<object>, saved = 'saved'): string =>
  mapper.hasVersion ? `${saved}.version` : 'null::int';

export type NewRow = { mapper: RowMapper<object>; row: Map<Mapped, unknown>; facts: OutboxRow[] };

/**
 * New rows of any tables and what each tells of, in one statement; answers one row of them all, its columns
 * named by `columnAt`. Rows may refer to each other: PostgreSQL looks at foreign keys when the statement ends.
 */
export function insertStatement(rows: readonly NewRow[], writer: Writer): Statement {
  const values: unknown[] = whoOf(writer);
  const parts = rows.map((each, at) => insertPart(each, at, values));
  const list = rows.flatMap(({ mapper }, at) =>
    mapper.columns.map(
      ({ column, read }) =>
        `${read ? `(${read(`saved${at}`)})` : `saved${at}."${column}"`} as "${columnAt(at, column)}"`,
    ),
  );
  const text = `with ${WHO}, ${parts.join(', ')} select ${list.join(', ')} from ${rows.map((_, at) => `saved${at}`).join(', ')}`;
  return { text, values };
}

function insertPart({ mapper, row, facts }: NewRow, at: number, values: unknown[]): string {
  const columns = [...row.keys()];
  const names = columns.map(({ column }) => `"${column}"`).join(', ');
  const cells = columns.map((mapped) => `$${values.push(row.get(mapped))}::${mapped.cast}`).join(', ');
  const saved = `saved${at} as (insert into ${mapper.table} (${names}) select ${cells} from who returning *)`;
  if (!facts.length) return saved;
  const told = tell(`saved${at}`, versionOf(mapper, `saved${at}`), values.push(JSON.stringify(facts)));
  return `${saved}, told${at} as (${told})`;
}

type Key = { tenantId: string; id: string; version: number | undefined };

const guard = (mapper: RowMapper<object>): string =>
  `t.tenant_id = $${FIRST_FREE}::uuid and t.id = $${FIRST_FREE + 1}::uuid${mapper.hasVersion ? ` and t.version = $${FIRST_FREE + 2}` : ''}`;

const keyValues = (mapper: RowMapper<object>, key: Key): unknown[] =>
  mapper.hasVersion ? [key.tenantId, key.id, key.version] : [key.tenantId, key.id];

/** Change without a held lock: the version that was read is in the WHERE; no row back means somebody was faster. */
export function updateStatement(
  mapper: RowMapper<object>,
  key: Key,
  changed: Map<Mapped, unknown>,
  writer: Writer,
  facts: OutboxRow[],
): Statement {
  const keys = keyValues(mapper, key);
  const sets = [...changed.keys()].map(
    ({ column, cast }, index) => `"${column}" = $${index + FIRST_FREE + keys.length}::${cast}`,
  );
  if (mapper.hasVersion) sets.push('version = t.version + 1');
  if (mapper.hasUpdatedAt) sets.push('updated_at = now()');
  const saved = `update ${mapper.table} t set ${sets.join(', ')} from who where ${guard(mapper)} returning t.*`;
  return {
    text: withFacts(saved, versionOf(mapper), mapper.listOf('saved')),
    values: [...head(writer, facts), ...keys, ...changed.values()],
  };
}

export function deleteStatement(mapper: RowMapper<object>, key: Key, writer: Writer, facts: OutboxRow[]): Statement {
  const saved = `delete from ${mapper.table} t using who where ${guard(mapper)} returning t.*`;
  return {
    text: withFacts(saved, versionOf(mapper), mapper.listOf('saved')),
    values: [...head(writer, facts), ...keyValues(mapper, key)],
  };
}

/** Facts and jobs without a row of their own. */
export function outboxStatement(tenantId: string, writer: Writer, facts: OutboxRow[]): Statement {
  const text = `insert into outbox (tenant_id, id, kind, type, payload, version, actor_id, actor_name, request_id, run_at)
    select $5::uuid, e.id, e.kind, e.type, e.payload, e.version, $1::uuid, $2, $3, coalesce(e.run_at, clock_timestamp()) from ${eventsIn(4)}`;
  return { text, values: [writer.id, writer.name, writer.requestId, JSON.stringify(facts), tenantId] };
}
