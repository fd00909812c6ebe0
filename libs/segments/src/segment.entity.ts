import { Aggregate, newId } from '@app/kernel';
import type { Condition } from '@app/platform';
import { Column, Entity, PrimaryColumn } from 'typeorm';

export type SegmentDocument = { name: string; description: string | null; condition: Condition };

/** An audience by what is known of customers: whoever fits the condition when it is asked. */
@Entity('segments')
export class Segment extends Aggregate<Segment> implements SegmentDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text', { nullable: true }) readonly description: string | null;
  @Column('jsonb') readonly condition: Condition;
  @Column('uuid') readonly createdBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(document: SegmentDocument, createdBy: string): Segment {
    return new Segment().change({ id: newId(), ...document, createdBy });
  }

  edit({
    name = this.name,
    description = this.description,
    condition = this.condition,
  }: Partial<SegmentDocument>): void {
    this.change({ name, description, condition });
  }
}
