import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Response } from './response.entity.js';

/** A text as it stood: written once, never changed. */
@Entity('response_revisions')
export class ResponseRevision extends Aggregate<ResponseRevision> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly responseId: string;
  @Column('int') readonly revision: number;
  @Column('text') readonly message: string;
  @Column('text') readonly contentHash: string;
  @Column('uuid') readonly authorId: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static of(
    { id: responseId, revision, message, contentHash }: Response,
    authorId: string,
    at: Date,
  ): ResponseRevision {
    return new ResponseRevision().change({ id: newId(), responseId, revision, message, contentHash, authorId, at });
  }
}
