import { Aggregate, newId } from '@app/kernel';
import type { JobEnd, Tally } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ImportEnded, ImportUndone, ImportUploaded } from '../events.js';
import { NotMapped } from './import.errors.js';
import { IMPORT_STATE, type ImportState } from './import.policy.js';
import type { Mapping } from './mapping.js';
import type { CsvHead } from './reading/csv-head.js';
import type { Encoding } from './reading/encoding.js';

export type NewImport = CsvHead & {
  readonly entity: string;
  readonly name: string;
  readonly hash: string;
  readonly size: number;
  readonly createdBy: string;
};

/** A file of records, how it is read, and what became of its rows. */
@Entity('imports')
export class RecordImport extends Aggregate<RecordImport> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly entity: string;
  @Column('text') readonly name: string;
  @Column('text') readonly hash: string;
  @Column('int') readonly size: number;
  @Column('text') readonly state: ImportState;
  @Column('text') readonly encoding: Encoding;
  @Column('text') readonly delimiter: string;
  @Column('jsonb') readonly columns: readonly string[];
  @Column('jsonb') readonly sample: readonly (readonly string[])[];
  @Column({ type: 'jsonb', nullable: true }) readonly mapping: Mapping | null;
  /** Counted when a worker first reads the whole file. */
  @Column({ type: 'int', nullable: true }) readonly rowCount: number | null;
  /** Each reading of the rows from the beginning has a number of its own: what an earlier one left is not counted. */
  @Column('int') readonly pass: number;
  @Column({ type: 'uuid', nullable: true }) readonly jobId: string | null;
  @Column({ type: 'jsonb', nullable: true }) readonly report: Tally | null;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static upload({ entity, name, hash, size, createdBy, ...head }: NewImport): RecordImport {
    const id = newId();
    const fresh = { state: 'uploaded', mapping: null, rowCount: null, pass: 0, jobId: null, report: null } as const;
    const made = new RecordImport().change({ id, entity, name, hash, size, createdBy, ...head, ...fresh });
    made.raise(ImportUploaded({ importId: id, entity }));
    return made;
  }

  /** @throws InvalidTransition once rows were imported by the former one */
  map(mapping: Mapping, { encoding, delimiter, columns, sample }: CsvHead): void {
    this.moveTo('mapped');
    const isReadAnew = encoding !== this.encoding || delimiter !== this.delimiter;
    this.change({ mapping, encoding, delimiter, columns, sample, report: null });
    if (isReadAnew) this.change({ rowCount: null });
  }

  /** @throws NotMapped, InvalidTransition */
  check(jobId: string): void {
    if (!this.mapping) throw new NotMapped();
    this.moveTo('checking');
    this.change({ jobId, pass: this.pass + 1, report: null });
  }

  /** From the beginning, or from where it stopped. @throws NotMapped, InvalidTransition */
  run(jobId: string): void {
    if (!this.mapping) throw new NotMapped();
    const isFresh = this.isFresh;
    this.moveTo('running');
    this.change({ jobId, ...(isFresh && { pass: this.pass + 1, report: null }) });
  }

  /** @throws InvalidTransition */
  undo(jobId: string): void {
    this.moveTo('undoing');
    this.change({ jobId });
  }

  /** Whether no row of it is a record yet. */
  get isFresh(): boolean {
    return this.state === 'mapped' || this.state === 'ready';
  }

  countRows(rowCount: number): void {
    this.change({ rowCount });
  }

  checked({ state, tally }: JobEnd): void {
    this.moveTo(state === 'done' ? 'ready' : 'mapped');
    this.change({ report: tally });
  }

  ran({ state, tally }: JobEnd): void {
    const report = sumOf(this.report ?? {}, tally);
    this.moveTo(state === 'done' && report.refused ? 'partial' : state);
    this.change({ report });
    this.raise(ImportEnded({ importId: this.id, entity: this.entity, state: this.state, tally: report }));
  }

  undone({ state, tally }: JobEnd): void {
    const report = sumOf(this.report ?? {}, tally);
    this.moveTo(state === 'done' ? 'undone' : 'partial');
    this.change({ report });
    if (state === 'done') this.raise(ImportUndone({ importId: this.id, entity: this.entity, tally: report }));
  }

  private moveTo(state: ImportState): void {
    IMPORT_STATE.assert(this.state, state);
    this.change({ state });
  }
}

function sumOf(one: Tally, other: Tally): Tally {
  const sum: Record<string, number> = { ...one };
  for (const [what, count] of Object.entries(other)) sum[what] = (sum[what] ?? 0) + count;
  return sum;
}
