import { Aggregate } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What becomes of a new customer who is probably there already: nothing, a pair in the list, or a refusal. */
export const ON_CREATE = ['allow', 'note', 'refuse'] as const;
export type OnCreate = (typeof ON_CREATE)[number];

export type DuplicateRulesDocument = {
  /** From which score on, of 100, two records count as duplicates. */
  readonly leastScore: number;
  readonly onCreate: OnCreate;
};

export const USUAL_RULES: DuplicateRulesDocument = { leastScore: 60, onCreate: 'allow' };

/** One row, its id the tenant's; none while nothing was changed. */
@Entity('customer_duplicate_rules')
export class DuplicateRules extends Aggregate<DuplicateRules> implements DuplicateRulesDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('int') readonly leastScore: number;
  @Column('text') readonly onCreate: OnCreate;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static of(tenantId: string, document: DuplicateRulesDocument): DuplicateRules {
    return new DuplicateRules().change({ id: tenantId, ...document });
  }

  replace(document: DuplicateRulesDocument): void {
    this.change(document);
  }
}
