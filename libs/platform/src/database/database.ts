import { type Aggregate, type DomainEvent } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityTarget } from 'typeorm';
import { heldBy, runHolding } from '../scope/ambient.js';
import { currentActor, currentRequestId, currentScope } from '../scope/index.js';
import { RecordNotFound, VersionConflict } from './errors.js';
import { repeated } from './repeated.js';
import { type Row, RowMapper } from './row-mapper.js';
import {
  deleteStatement,
  insertStatement,
  type OutboxListener,
  type OutboxRow,
  outboxRowOf,
  outboxStatement,
  type Statement,
  updateStatement,
  type Writer,
} from './statements.js';

/** What has an id in a tenant's table and may raise events. */
export type TenantRecord = Aggregate & { readonly id: string; readonly tenantId: string; readonly version?: number };

type Transaction = { client: pg.PoolClient; tenantId: string; afterCommit: (() => unknown)[]; isOver: boolean };
const MOST_FASTER = 4; // others who change the row meanwhile: then it is held

/**
 * The one door to PostgreSQL. Reads are plain rows; a write is one guarded statement that carries the row, the events it
 * raised and who acts. Whatever runs inside `transaction` shares that transaction.
 */
@Injectable()
export class Database {
  private readonly mappers = new Map<EntityTarget<object>, RowMapper<object>>();
  private readonly read = new WeakMap<object, Row>();
  private readonly listeners: OutboxListener[] = [];

  constructor(private readonly source: DataSource) {}

  /** Named at boot: called after each commit that left something in the outbox. */
  onOutbox(listener: OutboxListener): void {
    this.listeners.push(listener);
  }

  get pool(): pg.Pool {
    return (this.source.driver as unknown as { master: pg.Pool }).master;
  }

  get isInTransaction(): boolean {
    return heldBy(this) !== undefined;
  }

  /** Plain rows under the caller's tenant; outside of a transaction, again when PostgreSQL asks for it. Values always go as parameters. */
  async query<T = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    const open = heldBy<Transaction>(this);
    if (!open) return (await repeated(() => this.pool.query(text, values))).rows as T[];
    if (open.isOver) throw new Error('The transaction is over: work went on behind its back');
    if (open.tenantId !== (currentScope()?.actor?.tenantId ?? ''))
      throw new Error('The scope changed inside an open transaction');
    return (await open.client.query(text, values)).rows as T[];
  }

  async one<T = Row>(text: string, values: unknown[] = []): Promise<T | undefined> {
    return (await this.query<T>(text, values))[0];
  }

  /** Runs `work` in one transaction, again as a whole when PostgreSQL asks for it (deadlock); joins the one that is open. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.isInTransaction ? work() : repeated(() => this.attempt(work));
  }

  /** Runs `work` so that its failure leaves the open transaction as it was before, and usable. Outside of one it simply runs. */
  async savepoint<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isInTransaction) return work();
    await this.query('savepoint attempt');
    try {
      const result = await work();
      await this.query('release savepoint attempt');
      return result;
    } catch (error) {
      await this.query('rollback to savepoint attempt; release savepoint attempt').catch(() => undefined);
      throw error;
    }
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const open: Transaction = {
      client,
      tenantId: currentScope()?.actor?.tenantId ?? '',
      afterCommit: [],
      isOver: false,
    };
    let broken: Error | undefined;
    const lost = (error: Error): void => void (broken = error);
    client.on('error', lost);
    let result: T;
    try {
      await client.query('START TRANSACTION');
      result = await runHolding(this, open, work);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
      throw error;
    } finally {
      open.isOver = true;
      client.off('error', lost);
      client.release(broken);
    }
    await Promise.allSettled(open.afterCommit.map(async (follow) => follow()));
    return result;
  }

  /**
   * Runs once the open transaction has committed, and before its caller goes on; at once when none is open. Lost when the
   * process dies in between; a failure of it changes nothing of what was committed.
   */
  afterCommit(follow: () => unknown): void {
    const open = heldBy<Transaction>(this);
    if (open) open.afterCommit.push(follow);
    else follow();
  }

  /** Writes a new row and the events it raised, in one statement. */
  async create<E extends TenantRecord>(entity: E): Promise<E> {
    await this.createAll([entity]);
    return entity;
  }

  /** The same for several, of any tables, which may refer to each other: all of them or none. */
  async createAll(entities: readonly TenantRecord[]): Promise<void> {
    if (!entities.length) return;
    const rows = entities.map((entity) => {
      const mapper = this.mapperOf<TenantRecord>(entity.constructor);
      Object.assign(entity, { tenantId: entity.tenantId ?? currentActor().tenantId });
      return { entity, mapper, row: mapper.toRow(entity), facts: entity.releaseEvents().map(outboxRowOf) };
    });
    const facts = rows.flatMap((each) => each.facts);
    const [written] = await this.write(insertStatement(rows, this.writer()), facts);
    rows.forEach(({ entity, mapper }, at) => this.remember(mapper, entity, mapper.pick(written as Row, at)));
  }

  /**
   * Loads a row, lets its verb decide, and writes what changed where the version still holds. With `version`, the one the
   * caller saw: a stale one is refused. Without: when somebody else was faster the verb decides again on the new state, and
   * once others have been faster for too often, while it holds the row. @throws RecordNotFound, VersionConflict
   */
  async change<E extends TenantRecord>(
    entity: EntityTarget<E>,
    id: string,
    version: number | undefined,
    verb: (found: E) => unknown,
  ): Promise<E> {
    for (let faster = 0; faster < MOST_FASTER; faster++) {
      const found = await this.get(entity, id);
      this.assertSeen(entity, found, version);
      await verb(found);
      if (await this.store(found)) return found;
    }
    return this.transaction(async () => {
      const found = await this.lock(entity, id, version);
      await verb(found);
      return this.save(found);
    });
  }

  /** Writes a changed entity that `get` or `lock` loaded. @throws VersionConflict when somebody was faster */
  async save<E extends TenantRecord>(entity: E): Promise<E> {
    const seen = entity.version ?? 0;
    if (await this.store(entity)) return entity;
    const target = entity.constructor as EntityTarget<E>;
    const now = await this.find(target, entity.id);
    throw new VersionConflict(this.mapperOf(target).name, entity.id, seen, now?.version ?? 0);
  }

  /** Loads one row for change and holds it until the transaction ends. */
  async lock<E extends TenantRecord>(entity: EntityTarget<E>, id: string, version?: number): Promise<E> {
    if (!this.isInTransaction) throw new Error('A lock outside a transaction holds nothing');
    const found = await this.load(entity, id, ' for update');
    if (!found) throw new RecordNotFound(this.mapperOf(entity).name, id);
    this.assertSeen(entity, found, version);
    return found;
  }

  async get<E extends TenantRecord>(entity: EntityTarget<E>, id: string): Promise<E> {
    const found = await this.find(entity, id);
    if (!found) throw new RecordNotFound(this.mapperOf(entity).name, id);
    return found;
  }

  find<E extends TenantRecord>(entity: EntityTarget<E>, id: string): Promise<E | undefined> {
    return this.load(entity, id, '');
  }

  /** Entities by a condition in SQL (`"inquiry_id = $1"`), for verbs that must see several rows. Never for lists. */
  async findWhere<E extends TenantRecord>(
    entity: EntityTarget<E>,
    condition: string,
    values: unknown[] = [],
  ): Promise<E[]> {
    const mapper = this.mapperOf(entity);
    const rows = await this.query(`select ${mapper.list} from ${mapper.table} where ${condition}`, values);
    return rows.map((row) => this.remember(mapper, mapper.blank(), row));
  }

  /** Deletes the row; only for what may be purged. */
  async remove<E extends TenantRecord>(entity: E): Promise<void> {
    const mapper = this.mapperOf<E>(entity.constructor) as RowMapper<object>;
    const facts = entity.releaseEvents().map(outboxRowOf);
    const statement = deleteStatement(mapper, entity as Required<TenantRecord>, this.writer(), facts);
    const [gone] = await this.write(statement, facts);
    if (!gone) throw new VersionConflict(mapper.name, entity.id, entity.version ?? 0, 0);
  }

  /** Leaves facts that belong to no row of their own. */
  async publish(...events: DomainEvent[]): Promise<void> {
    await this.enqueue(events.map(outboxRowOf));
  }

  /** Puts on record, as whoever acts, what changes no row: an export, a denial. `action` is a past participle. */
  async audit(
    entity: string,
    id: string,
    action: string,
    told: { before?: object; after?: object } = {},
  ): Promise<void> {
    const [before, after] = [told.before, told.after].map((part) => part && JSON.stringify(part));
    const values = [entity, id, action, before ?? null, after ?? null];
    await this.transaction(() => this.query('select audit_record($1, $2, $3, $4::jsonb, $5::jsonb)', values));
  }

  /** Writes outbox rows; `Jobs.enqueue` is what contexts call. */
  async enqueue(rows: OutboxRow[]): Promise<void> {
    if (rows.length) await this.write(outboxStatement(currentActor().tenantId, this.writer(), rows), rows);
  }

  private async load<E extends TenantRecord>(
    entity: EntityTarget<E>,
    id: string,
    suffix: string,
  ): Promise<E | undefined> {
    const mapper = this.mapperOf(entity);
    const row = await this.one(`select ${mapper.list} from ${mapper.table} where tenant_id = $1 and id = $2${suffix}`, [
      currentActor().tenantId,
      id,
    ]);
    return row && this.remember(mapper, mapper.blank(), row);
  }

  private remember<E extends object>(mapper: RowMapper<E>, entity: E, row: Row): E {
    this.read.set(entity, row);
    return mapper.refresh(entity, row);
  }

  private async store<E extends TenantRecord>(entity: E): Promise<boolean> {
    const mapper = this.mapperOf<E>(entity.constructor);
    const before = this.read.get(entity);
    if (!before) throw new Error(`${entity.constructor.name} was not loaded from here`);
    const facts = entity.releaseEvents().map(outboxRowOf);
    const changed = mapper.changes(before, entity);
    if (changed.size === 0 && facts.length === 0) return true;
    const key = { tenantId: entity.tenantId, id: entity.id, version: entity.version };
    const [row] = await this.write(updateStatement(mapper, key, changed, this.writer(), facts), facts);
    if (!row) return false;
    this.remember(mapper, entity, row);
    return true;
  }

  private async write(statement: Statement, facts: OutboxRow[]): Promise<Row[]> {
    const rows = await this.query(statement.text, statement.values);
    if (facts.length) this.afterCommit(() => this.listeners.forEach((hear) => hear(currentActor().tenantId, facts)));
    return rows;
  }

  private writer(): Writer {
    const { id, name, impersonatorId } = currentActor();
    return { id, name, requestId: currentRequestId(), impersonatorId: impersonatorId ?? '' };
  }

  private assertSeen(entity: EntityTarget<object>, found: TenantRecord, seen: number | undefined): void {
    if (seen === undefined || found.version === seen) return;
    throw new VersionConflict(this.mapperOf(entity).name, found.id, seen, found.version ?? 0);
  }

  private mapperOf<E extends object>(entity: EntityTarget<E>): RowMapper<E> {
    let mapper = this.mappers.get(entity);
    if (!mapper) this.mappers.set(entity, (mapper = RowMapper.of(this.source, entity) as never));
    return mapper as RowMapper<E>;
  }
}
