import { Aggregate, newId } from '@app/kernel';
import type { ExportFormat } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ExportAsked, ExportReady } from '../events.js';
import { ExportNotReady } from './export.errors.js';
import type { ExportState } from './export.policy.js';

export type NewExport = Pick<RecordExport, 'entity' | 'format' | 'query' | 'createdBy'>;
export type StoredExport = { readonly hash: string; readonly size: number; readonly rowCount: number };

/** A list that somebody wants as a file. */
@Entity('exports')
export class RecordExport extends Aggregate<RecordExport> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly entity: string;
  @Column('text') readonly format: ExportFormat;
  /** As the search of the list takes it. */
  @Column('jsonb') readonly query: Record<string, unknown>;
  @Column('text') readonly state: ExportState;
  @Column({ type: 'uuid', nullable: true }) readonly jobId: string | null;
  @Column({ type: 'text', nullable: true }) readonly hash: string | null;
  @Column({ type: 'bigint', nullable: true }) readonly size: number | null;
  @Column({ type: 'int', nullable: true }) readonly rowCount: number | null;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static ask(given: NewExport): RecordExport {
    const id = newId();
    const none = { hash: null, size: null, rowCount: null };
    const asked = new RecordExport().change({ ...given, id, state: 'queued', jobId: null, ...none });
    asked.raise(ExportAsked({ exportId: id, entity: given.entity }));
    return asked;
  }

  giveTo(jobId: string): void {
    this.change({ jobId });
  }

  /** Once: a worker that comes late leaves the file as it is. */
  store({ hash, size, rowCount }: StoredExport): void {
    if (this.hash) return;
    this.change({ hash, size, rowCount });
  }

  end(isDone: boolean, state: 'failed' | 'cancelled'): void {
    this.change({ state: isDone && this.hash ? 'ready' : state });
    if (this.state === 'ready')
      this.raise(ExportReady({ exportId: this.id, entity: this.entity, rows: this.rowCount ?? 0 }));
  }

  /** The bytes of the file. @throws ExportNotReady */
  get file(): string {
    if (this.state !== 'ready' || !this.hash) throw new ExportNotReady(this.id, this.state);
    return this.hash;
  }
}
