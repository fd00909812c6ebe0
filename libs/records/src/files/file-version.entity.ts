import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { FileInfected } from '../events.js';
import type { FileState } from './file.policy.js';

export type NewVersion = {
  readonly fileId: string;
  readonly number: number;
  readonly hash: string;
  readonly size: number;
  readonly mimeType: string;
  readonly state: FileState;
  readonly createdBy: string;
};

/** The bytes of a file as somebody handed them in; they never change. */
@Entity('file_versions')
export class FileVersion extends Aggregate<FileVersion> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly fileId: string;
  @Column('int') readonly number: number;
  /** SHA-256 in hex, by which they are stored. */
  @Column('text') readonly hash: string;
  @Column('int') readonly size: number;
  @Column('text') readonly mimeType: string;
  @Column('text') readonly state: FileState;
  @Column({ type: 'text', nullable: true }) readonly finding: string | null;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(given: NewVersion): FileVersion {
    return new FileVersion().change({ ...given, id: newId(), finding: null });
  }

  /** It was looked into; `finding`: what was found, null when nothing was. A second look changes nothing. */
  judge(finding: string | null): void {
    if (this.state !== 'quarantined') return;
    this.change({ state: finding === null ? 'available' : 'infected', finding });
    if (finding !== null) this.raise(FileInfected({ fileId: this.fileId, number: this.number, finding }));
  }
}
