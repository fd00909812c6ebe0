import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DefaultPolicyIsForAll, EscalationNotAscending } from './sla.errors.js';
import {
  type ClockKind,
  type EscalationStep,
  type Pausing,
  PAUSING,
  type Targets,
  USUAL_ESCALATION,
} from './sla.policy.js';

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
  readonly escalation: readonly EscalationStep[];
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
  escalation: USUAL_ESCALATION,
};

/** @throws EscalationNotAscending */
function ascending(steps: readonly EscalationStep[]): EscalationStep[] {
  const wrong = steps.findIndex(({ after }, at) => after <= (steps[at - 1]?.after ?? 0));
  if (wrong >= 0) throw new EscalationNotAscending(wrong);
  return steps.map(({ after, action }) => ({ after, action }));
}

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
  /** At most five steps, each after a greater share of the target. */
  @Column('jsonb') readonly escalation: readonly EscalationStep[];
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static promise(document: PolicyDocument): SlaPolicy {
    const escalation = ascending(document.escalation);
    return new SlaPolicy().change({ id: newId(), isDefault: false, ...document, escalation });
  }

  static standard(): SlaPolicy {
    return new SlaPolicy().change({ id: newId(), isDefault: true, ...DEFAULT });
  }

  /** @throws DefaultPolicyIsForAll, EscalationNotAscending */
  edit(to: Partial<PolicyDocument>): void {
    const narrows = [to.priorities, to.categories, to.levels].some((list) => list?.length);
    if (this.isDefault && narrows) throw new DefaultPolicyIsForAll();
    const escalation = to.escalation && ascending(to.escalation);
    const changes = { ...to, escalation };
    this.change(Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)));
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
