import { Column, PrimaryColumn } from 'typeorm';
import type { StaleFact } from './fact-quotes.js';
import { FactsChanged, StaleRevision } from './response.errors.js';
import type { DeliveryState, HoldReason, ResponseStatus } from './response.policy.js';
import { Chronicled } from './response-step.js';

/** The row of a response. */
export abstract class ResponseRecord<Self> extends Chronicled<Self> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('uuid') readonly customerId: string;
  @Column('text') readonly message: string;
  /** The text with its quotes, where `message` says what they were when it was submitted. */
  @Column({ type: 'text', nullable: true }) readonly template: string | null;
  @Column('text') readonly status: ResponseStatus;
  @Column('int') readonly revision: number;
  @Column('text') readonly contentHash: string;
  @Column('uuid') readonly respondedBy: string;
  @Column({ type: 'uuid', array: true }) readonly editors: readonly string[];
  @Column({ type: 'uuid', nullable: true }) readonly submittedBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly submittedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly approvedBy: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly approvedAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly approvedHash: string | null;
  /** The rule that asked for nobody's approval; then nobody approved it. */
  @Column({ type: 'text', nullable: true }) readonly waivedByRule: string | null;
  @Column('boolean') readonly isSelfApproved: boolean;
  @Column({ type: 'text', nullable: true }) readonly approvalNotes: string | null;
  @Column({ type: 'uuid', array: true }) readonly knownConversation: readonly string[];
  @Column('int') readonly knownCustomerMessages: number;
  @Column({ type: 'uuid', array: true }) readonly knownAnswers: readonly string[];
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly sendAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly holdReason: HoldReason | null;
  @Column({ type: 'jsonb', nullable: true }) readonly staleFacts: readonly StaleFact[] | null;
  @Column({ type: 'text', nullable: true }) readonly deliveryState: DeliveryState | null;
  @Column({ type: 'text', nullable: true }) readonly failureReason: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly deliveryId: string | null;
  @Column({ type: 'text', nullable: true }) readonly messageId: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly sentAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly corrects: string | null;
  /** The canned answer that this is, word for word; an edit makes it a text of its own. */
  @Column({ type: 'uuid', nullable: true }) readonly macroId: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** It still waits for approval, by others: `pending → pending`, which the row does not show. */
  tellRouted(kind: 'escalated' | 'rerouted' | 'delegated', to: string, by: string, now: Date): void {
    if (this.status === 'pending_approval') this.step(kind, by, now, to);
  }

  /** @throws FactsChanged when it is held for what it quotes */
  assertTrue(): void {
    if (this.staleFacts) throw new FactsChanged(this.id, this.staleFacts);
  }

  /** @throws StaleRevision when the caller saw another revision */
  assertSeen(revision: number | undefined): void {
    if (revision !== undefined && revision !== this.revision) throw new StaleRevision(revision, this.revision);
  }
}
