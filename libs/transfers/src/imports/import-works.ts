import { setImmediate as turn } from 'node:timers/promises';
import {
  Database,
  defineFailpoint,
  failpoint,
  FileStore,
  type JobAtWork,
  type JobEnd,
  type LongWork,
  LongWorkPort,
  Provides,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { NotMapped } from './import.errors.js';
import { RecordImport } from './import.entity.js';
import { PORTION } from './import.policy.js';
import { Importables } from './importables.js';
import { ImportPortions, type Portion } from './import-portions.js';
import { ImportRows } from './import-rows.js';
import { ahead } from './reading/ahead.js';
import { csvRows } from './reading/csv-rows.js';
import { type ReadRow, RowReader } from './row-reader.js';

/** So many rows are read before PostgreSQL's answers are heard: it must not wait for what is read ahead. */
const A_TURN = 5;

const portionPoint = defineFailpoint('imports.portion', 'The rows of a portion are written, and not committed.');

/** Reads a file to its end, portion by portion, from where its job stands. */
@Injectable()
export class ImportReading {
  constructor(
    private readonly db: Database,
    private readonly files: FileStore,
    private readonly importables: Importables,
    private readonly portions: ImportPortions,
    private readonly kept: ImportRows,
  ) {}

  async read(job: JobAtWork, isTrial: boolean): Promise<boolean> {
    const of = await this.db.get(RecordImport, job.subjectId);
    const rowCount = of.rowCount ?? (await this.count(of, job));
    if (job.done === 0) await this.kept.forgetEarlier(of);
    for await (const portion of ahead(this.portionsOf(of, job.done))) {
      if (!job.isInTime) return false;
      const went = await job.advance(portion.rows.length, async () => {
        this.importables.assertMay(portion.importable, portion.plan.mode);
        const tally = await this.portions.import(portion, isTrial);
        failpoint(portionPoint);
        return tally;
      });
      if (!went) return false;
    }
    return job.done >= rowCount;
  }

  /** The whole file is read once before a row of it is written: what cannot be read to its end changes nothing. */
  private async count(of: RecordImport, job: JobAtWork): Promise<number> {
    let rowCount = -1; // the header
    for await (const _ of csvRows(await this.files.open(of.hash), of)) rowCount++;
    await this.db.change(RecordImport, of.id, undefined, (one) => one.countRows(rowCount));
    await job.expect(rowCount);
    return rowCount;
  }

  private async *portionsOf(of: RecordImport, done: number): AsyncGenerator<Portion, void> {
    const { mapping, columns } = of;
    if (!mapping) throw new NotMapped();
    const importable = this.importables.named(of.entity);
    const reader = new RowReader(columns, await this.importables.fieldsFor(importable, mapping), mapping);
    const portion = (rows: readonly ReadRow[]): Portion => ({ of, importable, plan: mapping, rows });
    let rows: ReadRow[] = [];
    for await (const row of csvRows(await this.files.open(of.hash), of)) {
      if (row.number <= done + 1) continue; // the header, and what is done
      const read = reader.read(row);
      if (!read.refusal) importable.foresee?.(read.values, mapping);
      rows.push(read);
      if (rows.length % A_TURN === 0) await turn();
      if (rows.length < PORTION) continue;
      yield portion(rows);
      rows = [];
    }
    if (rows.length) yield portion(rows);
  }
}

/** The dry run: what the run would do, by the same code. */
@Injectable()
@Provides(LongWorkPort)
export class ImportCheck implements LongWork {
  readonly kind = 'imports.check';

  constructor(
    private readonly db: Database,
    private readonly reading: ImportReading,
  ) {}

  run(job: JobAtWork): Promise<boolean> {
    return this.reading.read(job, true);
  }

  async ended(importId: string, end: JobEnd): Promise<string> {
    await this.db.change(RecordImport, importId, undefined, (one) => one.checked(end));
    return `/api/v1/imports/${importId}`;
  }
}

@Injectable()
@Provides(LongWorkPort)
export class ImportRun implements LongWork {
  readonly kind = 'imports.run';

  constructor(
    private readonly db: Database,
    private readonly reading: ImportReading,
  ) {}

  run(job: JobAtWork): Promise<boolean> {
    return this.reading.read(job, false);
  }

  async ended(importId: string, end: JobEnd): Promise<string> {
    await this.db.change(RecordImport, importId, undefined, (one) => one.ran(end));
    return `/api/v1/imports/${importId}`;
  }
}

/** Takes back what an import did, as far as nobody has changed it since. */
@Injectable()
@Provides(LongWorkPort)
export class ImportUndo implements LongWork {
  readonly kind = 'imports.undo';

  constructor(
    private readonly db: Database,
    private readonly importables: Importables,
    private readonly kept: ImportRows,
  ) {}

  async run(job: JobAtWork): Promise<boolean> {
    const of = await this.db.get(RecordImport, job.subjectId);
    const importable = this.importables.named(of.entity);
    for (;;) {
      const rows = await this.kept.undoable(of, PORTION);
      if (rows.length === 0) return true;
      if (!job.isInTime) return false;
      const went = await job.advance(rows.length, async () => {
        this.importables.assertMayUndo(importable);
        const refusals = await importable.undo(rows);
        const settled = rows.map(({ id }, at) => ({ id, outcome: refusals[at] ? 'kept' : 'undone', ...refusals[at] }));
        await this.kept.settle(settled);
        const kept = settled.filter(({ outcome }) => outcome === 'kept').length;
        return { undone: rows.length - kept, kept };
      });
      if (!went) return false;
    }
  }

  async ended(importId: string, end: JobEnd): Promise<string> {
    await this.db.change(RecordImport, importId, undefined, (one) => one.undone(end));
    return `/api/v1/imports/${importId}`;
  }
}
