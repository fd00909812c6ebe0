import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DefaultPolicyIsForAll } from './sla.errors.js';
import { type ClockKind, type Pausing, PAUSING, type Targets } from './sla.policy.js';

export type PolicyDocument = {
  readonly name: string;
  readonly position: number;
  readonly priorities: string[];
  readonly categories: string[];
  readonly levels: string[];
  readonly firstResponseSeconds: number | null;
  readonly nextResponseSeconds: number | null;
  readonly resolutionSeconds: number | null;
  readonly calendarId: string | null;
  readonly pausesIn: Pausing[];
  readonly warnFraction: number;
};

const HOUR = 3600;

/** What a tenant promises until it says otherwise: half a working day, a working day, three working days. */
const DEFAULT: PolicyDocument = {
  name: 'Default',
  position: 0,
  priorities: [],
  categories: [],
  levels: [],
  firstResponseSeconds: 4 * HOUR,
  nextResponseSeconds: 8 * HOUR,
  resolutionSeconds: 24 * HOUR,
  calendarId: null,
  pausesIn: [...PAUSING],
  warnFraction: 0.8,
};

@Entity('sla_policies')
export class SlaPolicy extends Aggregate<SlaPolicy> implements PolicyDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('int') readonly position: number;
  @Column('boolean') readonly isDefault: boolean;
  @Column({ type: 'text', array: true }) readonly priorities: string[];
  @Column({ type: 'text', array: true }) readonly categories: string[];
  @Column({ type: 'text', array: true }) readonly levels: string[];
  @Column({ type: 'int', nullable: true }) readonly firstResponseSeconds: number | null;
  @Column({ type: 'int', nullable: true }) readonly nextResponseSeconds: number | null;
  @Column({ type: 'int', nullable: true }) readonly resolutionSeconds: number | null;
  @Column({ type: 'uuid', nullable: true }) readonly calendarId: string | null;
  @Column({ type: 'text', array: true }) readonly pausesIn: Pausing[];
  @Column('float8') readonly warnFraction: number;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static promise(document: PolicyDocument): SlaPolicy {
    return new SlaPolicy().change({ id: newId(), isDefault: false, ...document });
  }

  static standard(): SlaPolicy {
    return new SlaPolicy().change({ id: newId(), isDefault: true, ...DEFAULT });
  }

  /** @throws DefaultPolicyIsForAll */
  edit(to: Partial<PolicyDocument>): void {
    const narrows = [to.priorities, to.categories, to.levels].some((list) => list?.length);
    if (this.isDefault && narrows) throw new DefaultPolicyIsForAll();
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
  }

  /** @throws DefaultPolicyIsForAll */
  assertRemovable(): void {
    if (this.isDefault) throw new DefaultPolicyIsForAll();
  }

  get targets(): Targets {
    return {
      first_response: this.firstResponseSeconds,
      next_response: this.nextResponseSeconds,
      resolution: this.resolutionSeconds,
    } satisfies Record<ClockKind, number | null>;
  }
}
