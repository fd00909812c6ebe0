import { isDeepStrictEqual } from 'node:util';
import { DomainError } from '@app/kernel';
import { Injectable } from '@nestjs/common';
import type { EntityTarget } from 'typeorm';
import { Batches, type TenantRecord } from '../database/index.js';
import type { ImportedRecord, ImportOutcome, ImportRefusal, ImportValues } from '../ports/index.js';
import { importRefusal } from './rows.js';

export type ImportRow = { readonly values: ImportValues; readonly recordId: string | undefined };
type Stored = TenantRecord & { readonly id: string; readonly version: number };
type Names<E> = keyof E & string;
export type Former = Readonly<Record<string, unknown>>;

/**
 * What rows do to one kind of record, by the verbs of one. What of the domain is thrown for a row refuses that row; whatever
 * takes a statement is asked before, for all rows at once.
 */
export type ImportedKind<E extends Stored> = {
  /** As people call it: `deal`. */
  readonly noun: string;
  readonly entity: EntityTarget<E>;
  /** Without which there is no new record. */
  readonly required: string;
  /** What a file may say of a record, and taking it back puts back. */
  readonly properties: readonly Names<E>[];
  /** With what the rows name at hand. */
  prepare(rows: readonly ImportRow[]): Promise<RowWriter<E>>;
  /** With what these records, and what they were before, name at hand. */
  prepareUndo(held: readonly E[], former: readonly Former[]): Promise<RecordUndoer<E>>;
  /** Of these records those that who acts may change, and those that they may put into the trash. */
  reached(ids: readonly string[]): Promise<{ changeable: ReadonlySet<string>; deletable: ReadonlySet<string> }>;
};

export type RowWriter<E> = {
  create(row: ImportValues, at: number): E | Promise<E>;
  change(record: E, row: ImportValues, at: number): unknown;
};

export type RecordUndoer<E> = {
  trash(record: E): void;
  putBack(record: E, before: Partial<E>): void;
};

const FIRST_VERSION = 1;

/** Rows as records and back, by statements that do not grow with them. */
@Injectable()
export class ImportedRecords {
  constructor(private readonly batches: Batches) {}

  /** In the open transaction, which a row that breaks more than its own rules takes back. */
  async write<E extends Stored>(kind: ImportedKind<E>, rows: readonly ImportRow[]): Promise<readonly ImportOutcome[]> {
    const writer = await kind.prepare(rows);
    const ids = rows.flatMap(({ recordId }) => recordId ?? []);
    const held = new Map((await this.batches.lockAll(kind.entity, ids)).map((record) => [record.id, record]));
    const [made, changed, outcomes]: [E[], E[], ImportOutcome[]] = [[], [], []];
    for (const [at, { values, recordId }] of rows.entries()) {
      const record = recordId === undefined ? undefined : held.get(recordId);
      if (record)
        outcomes.push(await changedBy(() => writer.change(record, values, at), record, kind.properties, changed));
      else if (recordId !== undefined) outcomes.push({ outcome: 'refused', refusal: gone(kind.noun) });
      else if (values[kind.required] === undefined) outcomes.push({ outcome: 'refused', refusal: lacking(kind) });
      else outcomes.push(await createdBy(() => writer.create(values, at), made));
    }
    await this.batches.createAll(made);
    await this.batches.saveAll(changed);
    return outcomes;
  }

  /** What was created goes into the trash, what was changed is put back: all of it or nothing, where nobody changed it since. */
  async undo<E extends Stored>(
    kind: ImportedKind<E>,
    records: readonly ImportedRecord[],
  ): Promise<readonly (ImportRefusal | undefined)[]> {
    const found = await this.batches.lockAll(
      kind.entity,
      records.map(({ recordId }) => recordId),
    );
    const held = new Map(found.map((record) => [record.id, record]));
    const { changeable, deletable } = await kind.reached([...held.keys()]);
    const undoer = await kind.prepareUndo(
      found,
      records.map(({ before }) => before),
    );
    const changed: E[] = [];
    const refusals = records.map(({ recordId, outcome, before, after }) => {
      const record = held.get(recordId);
      const isNew = outcome === 'created';
      if (!record || !(isNew ? deletable : changeable).has(recordId)) return gone(kind.noun);
      const refusal = isNew ? trashed(kind, undoer, record) : putBack(kind, undoer, record, before, after);
      if (!refusal) changed.push(record);
      return refusal;
    });
    await this.batches.saveAll(changed);
    return refusals;
  }
}

async function createdBy<E extends Stored>(create: () => E | Promise<E>, made: E[]): Promise<ImportOutcome> {
  try {
    const record = await create();
    made.push(record);
    return { outcome: 'created', recordId: record.id };
  } catch (error) {
    return { outcome: 'refused', refusal: importRefusal(error) };
  }
}

async function changedBy<E extends Stored>(
  change: () => unknown,
  record: E,
  names: readonly Names<E>[],
  changed: E[],
): Promise<ImportOutcome> {
  const before = valuesOf(record, names);
  try {
    await change();
  } catch (error) {
    return { outcome: 'refused', refusal: importRefusal(error) };
  }
  const after = valuesOf(record, names);
  const differing = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  if (!differing.length) return { outcome: 'unchanged', recordId: record.id };
  changed.push(record);
  const only = (all: typeof before) => Object.fromEntries(differing.map((name) => [name, all[name]]));
  return { outcome: 'updated', recordId: record.id, before: only(before), after: only(after) };
}

/** As JSON keeps it, in which what was is stored: instants are text there. */
const valuesOf = <E>(record: E, names: readonly Names<E>[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, asStored(record[name])]));

const asStored = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

function trashed<E extends Stored>({ noun }: ImportedKind<E>, undoer: RecordUndoer<E>, record: E) {
  return record.version === FIRST_VERSION ? refused(() => undoer.trash(record)) : changedSince([noun]);
}

function putBack<E extends Stored>(
  { properties }: ImportedKind<E>,
  undoer: RecordUndoer<E>,
  record: E,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ImportRefusal | undefined {
  const names = properties.filter((name) => name in before);
  const since = names.filter((name) => !isDeepStrictEqual(asStored(record[name]), after[name]));
  if (since.length) return changedSince(since);
  return refused(() => undoer.putBack(record, Object.fromEntries(names.map((name) => [name, before[name]])) as never));
}

function refused(verb: () => void): ImportRefusal | undefined {
  try {
    verb();
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: error.code, detail: error.message };
  }
}

const lacking = ({ required, noun }: { required: string; noun: string }): ImportRefusal => ({
  code: 'required_field',
  detail: `Without it there is no new ${noun}`,
  field: required,
});

const gone = (noun: string): ImportRefusal => ({
  code: 'out_of_reach',
  detail: `There is no such ${noun} that you may change`,
});

const changedSince = (fields: readonly string[]): ImportRefusal => ({
  code: 'changed_since',
  detail: `Somebody has changed ${fields.join(', ')} since`,
});
