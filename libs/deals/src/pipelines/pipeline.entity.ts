import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DefaultPipelineStays } from './pipeline.errors.js';

export type PipelineDocument = { name: string; currency: string };

/** A way of selling, in stages. New deals go into the default one and are in its currency unless they say otherwise. */
@Entity('pipelines')
export class Pipeline extends Aggregate<Pipeline> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly currency: string;
  @Column('boolean') readonly isDefault: boolean;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(document: PipelineDocument, isDefault = false): Pipeline {
    return new Pipeline().change({ id: newId(), ...document, isDefault });
  }

  edit({ name = this.name, currency = this.currency }: Partial<PipelineDocument>): void {
    this.change({ name, currency });
  }

  takeNewDeals(isDefault: boolean): void {
    this.change({ isDefault });
  }

  /** @throws DefaultPipelineStays */
  assertRemovable(): void {
    if (this.isDefault) throw new DefaultPipelineStays();
  }
}
