import { Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget } from 'typeorm';
import { currentTenantId } from '../scope/index.js';
import { Database, type TenantRecord } from './database.js';
import { VersionConflict } from './errors.js';
import { type Row, RowMapper } from './row-mapper.js';
import { type OutboxRow, outboxRowOf } from './statements.js';

const FIRST_VERSION = 1;

/**
 * Many records of one kind at once: one statement for the rows and one for what they tell, however many there are. In the
 * open transaction, whose actor the audit trail names. One after the other, `Database` is simpler.
 */
@Injectable()
export class Batches {
  private readonly mappers = new Map<EntityTarget<object>, RowMapper<object>>();
  private readonly read = new WeakMap<object, Row>();

  constructor(
    private readonly db: Database,
    private readonly source: DataSource,
  ) {}

  /** Writes new rows, in this order, and the events they raised. */
  async createAll<E extends TenantRecord>(entities: readonly E[]): Promise<void> {
    await this.insertAll(entities);
    await this.tell(entities, () => FIRST_VERSION);
  }

  /** The rows alone, of which nothing is told: for a rehearsal. */
  async insertAll<E extends TenantRecord>(entities: readonly E[]): Promise<void> {
    const [first] = entities;
    if (!first) return;
    const mapper = this.mapperOf(first.constructor);
    const names = [...mapper.toRow(Object.assign(first, { tenantId: currentTenantId() })).keys()].map(
      ({ column }) => column,
    );
    const rows = entities.map((entity) => ({ ...plain(mapper, entity), tenant_id: currentTenantId() }));
    await this.db.query(
      `insert into ${mapper.table} (${list(names)}) select ${list(names, 'r.')} from jsonb_populate_recordset(null::${mapper.table}, $1::jsonb) r`,
      [JSON.stringify(rows)],
    );
  }

  /** Those that there are, held until the transaction ends; taken in the order of their ids, as everybody should. */
  async lockAll<E extends TenantRecord>(entity: EntityTarget<E>, ids: readonly string[]): Promise<E[]> {
    if (ids.length === 0) return [];
    const mapper = this.mapperOf(entity);
    const rows = await this.db.query(
      `select ${mapper.list} from ${mapper.table} where tenant_id = $1 and id = any ($2::uuid[]) order by id for update`,
      [currentTenantId(), ids],
    );
    return rows.map((row) => {
      const found = mapper.refresh(mapper.blank(), row) as E;
      this.read.set(found, row);
      return found;
    });
  }

  /** Writes those that changed of what `lockAll` gave, and the events they raised. */
  async saveAll<E extends TenantRecord>(entities: readonly E[]): Promise<void> {
    const [first] = entities;
    if (!first) return;
    const mapper = this.mapperOf(first.constructor);
    const changes = entities.map((entity) => mapper.changes(this.read.get(entity) ?? {}, entity));
    const changed = entities.filter((_, at) => (changes[at]?.size ?? 0) > 0);
    const columns = [...new Set(changes.flatMap((change) => [...change.keys()]).map(({ column }) => column))].sort();
    if (changed.length) await this.update(mapper, changed, columns);
    await this.tell(entities, ({ version = 0 }) => version);
  }

  private async update(mapper: RowMapper<object>, entities: readonly TenantRecord[], columns: string[]): Promise<void> {
    const rows = entities.map((entity) => plain(mapper, entity));
    const sets = columns.map((column) => `"${column}" = r."${column}"`);
    const written = await this.db.query<Row & { id: string }>(
      `update ${mapper.table} t set ${[...sets, 'version = t.version + 1', 'updated_at = now()'].join(', ')}
        from jsonb_populate_recordset(null::${mapper.table}, $2::jsonb) r
        where t.tenant_id = $1 and t.id = r.id and t.version = r.version returning t.*`,
      [currentTenantId(), JSON.stringify(rows)],
    );
    const byId = new Map(written.map((row) => [row.id, row]));
    for (const entity of entities) {
      const row = byId.get(entity.id);
      if (!row) throw new VersionConflict(mapper.table, entity.id, entity.version ?? 0, 0);
      this.read.set(mapper.refresh(entity, row), row);
    }
  }

  private async tell<E extends TenantRecord>(entities: readonly E[], versionOf: (entity: E) => number): Promise<void> {
    const facts = entities.flatMap((entity) =>
      entity.releaseEvents().map((event): OutboxRow => ({ ...outboxRowOf(event), version: versionOf(entity) })),
    );
    await this.db.enqueue(facts);
  }

  private mapperOf(entity: EntityTarget<object>): RowMapper<object> {
    let mapper = this.mappers.get(entity);
    if (!mapper) this.mappers.set(entity, (mapper = RowMapper.of(this.source, entity)));
    return mapper;
  }
}

/** As a row of JSON; what is not in it is null. */
function plain(mapper: RowMapper<object>, entity: TenantRecord): Row {
  const source = entity as unknown as Row;
  const row: Row = {};
  for (const { column, property } of mapper.columns) if (source[property] !== null) row[column] = source[property];
  return row;
}

const list = (columns: readonly string[], prefix = ''): string =>
  columns.map((column) => `${prefix}"${column}"`).join(', ');
