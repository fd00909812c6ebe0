import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DefaultPipelineStays, PipelineArchived } from './pipeline.errors.js';

export type PipelineDocument = { name: string; currency: string };

/** A way of selling, in stages. New deals go into the default one and are in its currency unless they say otherwise. */
@Entity('pipelines')
export class Pipeline extends Aggregate<Pipeline> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly currency: string;
  @Column('boolean') readonly isDefault: boolean;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly archivedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(document: PipelineDocument, isDefault = false): Pipeline {
    return new Pipeline().change({ id: newId(), ...document, isDefault, archivedAt: null });
  }

  edit({ name = this.name, currency = this.currency }: Partial<PipelineDocument>): void {
    this.change({ name, currency });
  }

  /** @throws PipelineArchived */
  takeNewDeals(isDefault: boolean): void {
    if (isDefault && this.archivedAt) throw new PipelineArchived();
    this.change({ isDefault });
  }

  /** Once no deal is open in it. What stood in it stays. @throws DefaultPipelineStays */
  archive(now: Date): void {
    if (this.isDefault) throw new DefaultPipelineStays();
    this.change({ archivedAt: this.archivedAt ?? now });
  }

  restore(): void {
    this.change({ archivedAt: null });
  }

  /** @throws DefaultPipelineStays */
  assertRemovable(): void {
    if (this.isDefault) throw new DefaultPipelineStays();
  }
}
