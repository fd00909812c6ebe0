import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Demandable, Forecast } from './pipeline.policy.js';

export type StageDocument = {
  name: string;
  position: number;
  /** Of winning, in percent. */
  probability: number;
  forecast: Forecast;
  /** Fields that a deal has before it comes here, and as long as it is here. */
  requires: Demandable[];
  /** What somebody ticks off at a deal before it comes here. */
  checklist: string[];
  /** Others approve the terms of a deal before it comes here, and they stay as approved. */
  needsApproval: boolean;
  /** After so many days here a deal rots; null: never. */
  rotDays: number | null;
  /** More open deals than this are too many for the people who work on them. It warns and refuses nothing. */
  wipLimit: number | null;
};

@Entity('pipeline_stages')
export class PipelineStage extends Aggregate<PipelineStage> implements StageDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly pipelineId: string;
  @Column('text') readonly name: string;
  @Column('int') readonly position: number;
  @Column('int') readonly probability: number;
  @Column('text') readonly forecast: Forecast;
  @Column({ type: 'text', array: true }) readonly requires: Demandable[];
  @Column({ type: 'text', array: true }) readonly checklist: string[];
  @Column('boolean') readonly needsApproval: boolean;
  @Column({ type: 'int', nullable: true }) readonly rotDays: number | null;
  @Column({ type: 'int', nullable: true }) readonly wipLimit: number | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(pipelineId: string, document: StageDocument): PipelineStage {
    return new PipelineStage().change({ id: newId(), pipelineId, ...document });
  }

  /** What is here already keeps its probability and rots when it was to: both are set as a deal comes in. */
  edit(to: Partial<StageDocument>): void {
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
  }
}
