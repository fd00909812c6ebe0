import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { FileAdded, FileRemoved, FileVersionAdded } from '../events.js';
import { FileOfAnother } from './file.errors.js';

export type NewFile = {
  readonly recordKind: string;
  readonly recordId: string;
  readonly name: string;
  readonly createdBy: string;
};

/** A file on a record: its name, and which of its versions is the latest. */
@Entity('files')
export class RecordFile extends Aggregate<RecordFile> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly recordKind: string;
  @Column('uuid') readonly recordId: string;
  @Column('text') readonly name: string;
  @Column('int') readonly latest: number;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static add(given: NewFile): RecordFile {
    const file = new RecordFile().change({ ...given, id: newId(), latest: 1 });
    file.raise(FileAdded(file.told));
    return file;
  }

  /** Its bytes are others from now on; the former ones stay. */
  renew(name: string): void {
    this.change({ name, latest: this.latest + 1 });
    this.raise(FileVersionAdded({ ...this.told, number: this.latest }));
  }

  /** By whoever added it, or by who may remove those of others. @throws FileOfAnother */
  remove(by: string, mayModerate: boolean): void {
    if (by !== this.createdBy && !mayModerate) throw new FileOfAnother();
    this.raise(FileRemoved(this.told));
  }

  private get told(): { fileId: string; recordKind: string; recordId: string } {
    return { fileId: this.id, recordKind: this.recordKind, recordId: this.recordId };
  }
}
