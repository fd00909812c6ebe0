import { Aggregate, newId, type PayloadOf } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SlaEscalated } from '../events.js';
import type { EscalationAction } from '../sla/sla.policy.js';

/** `stopped`: when its turn came, nobody was late any more. */
export const ESCALATION_OUTCOMES = ['told', 'reassigned', 'nobody', 'stopped'] as const;
export type EscalationOutcome = (typeof ESCALATION_OUTCOMES)[number];

type Due = Pick<PayloadOf<typeof SlaEscalated>, 'inquiryId' | 'clockId' | 'step' | 'after' | 'action'>;
type Done = { readonly outcome: EscalationOutcome; readonly told: readonly string[]; readonly at: Date };

/** What was done when a step of an escalation was due: written once, for good. */
@Entity('inquiry_escalations')
export class Escalation extends Aggregate<Escalation> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('uuid') readonly clockId: string;
  @Column('int') readonly step: number;
  @Column('float8') readonly after: number;
  @Column('text') readonly action: EscalationAction;
  @Column('text') readonly outcome: EscalationOutcome;
  @Column({ type: 'uuid', array: true }) readonly told: readonly string[];
  @Column({ type: 'timestamptz', precision: 3 }) readonly at: Date;

  static of({ inquiryId, clockId, step, after, action }: Due, done: Done): Escalation {
    return new Escalation().change({ id: newId(), inquiryId, clockId, step, after, action, ...done });
  }
}
