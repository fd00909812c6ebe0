import { isDeepStrictEqual } from 'node:util';
import { Aggregate, newId } from '@app/kernel';
import { type Concealed, concealedFields, type FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';
import {
  LeadAssigned,
  LeadContacted,
  LeadConverted,
  LeadCreated,
  LeadDisqualified,
  LeadQualified,
  LeadReopened,
  LeadRestored,
  LeadsMerged,
  LeadsParted,
  LeadTrashed,
  LeadUpdated,
  LeadWrote,
} from '../events.js';
import { AlreadyConverted, LeadNotLive } from './lead.errors.js';
import { isLive, LEAD_STATES, type LeadStatus, type LiveStatus } from './lead.policy.js';

/** By which advertisement somebody came, as `utm_…` of the address that they followed. */
export type Utm = Partial<Record<'source' | 'medium' | 'campaign' | 'term' | 'content', string>>;

/** What people edit; `email` and `phone` in the forms in which customers keep theirs. */
export type LeadDocument = {
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly company: string | null;
  readonly subject: string | null;
  readonly message: string | null;
  readonly source: string;
  readonly utm: Utm;
  readonly teamId: string | null;
  /** What is to be done next, and by when. */
  readonly nextAction: string | null;
  readonly nextActionAt: Date | null;
  readonly customFields: FieldValues;
};
export type LeadEdit = Partial<LeadDocument>;
export type NewLead = Pick<LeadDocument, 'name'> &
  LeadEdit & { id?: string; ownerId?: string | null; mailHash?: string | null; mailId?: string; createdBy: string };

export type Became = { readonly customerId: string; readonly companyId: string | null; readonly dealId: string | null };

/** What a merge decides of the lead that goes on. */
export type Absorbed = Partial<LeadDocument & Pick<Lead, 'status' | 'ownerId' | 'mailHash'>>;

@Entity('leads')
export class Lead extends Aggregate<Lead> implements LeadDocument {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column({ type: 'text', nullable: true }) readonly email: string | null;
  @Column({ type: 'text', nullable: true }) readonly phone: string | null;
  @Column({ type: 'text', nullable: true }) readonly company: string | null;
  @Column({ type: 'text', nullable: true }) readonly subject: string | null;
  @Column({ type: 'text', nullable: true }) readonly message: string | null;
  @Column('text') readonly source: string;
  @Column('jsonb') readonly utm: Utm;
  /** SHA-256 of the raw mail that it was made of, in hexadecimal digits. */
  @Column({ type: 'text', nullable: true }) readonly mailHash: string | null;
  @Column('text') readonly status: LeadStatus;
  @Column({ type: 'text', nullable: true }) readonly reason: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly ownerId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column({ type: 'text', nullable: true }) readonly nextAction: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly nextActionAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly customerId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly companyId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly dealId: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly convertedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly duplicateOf: string | null;
  @Column('jsonb') readonly customFields: FieldValues;
  @VirtualColumn({ type: 'jsonb', query: concealedFields('leads') }) readonly concealedFields: Concealed;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** One that is somebody's from the beginning begins as assigned. */
  static begin({ mailId, ownerId = null, ...given }: NewLead): Lead {
    const lead = new Lead().change({ ...EMPTY, ...given, id: given.id ?? newId(), status: LEAD_STATES.initial });
    lead.raise(LeadCreated({ leadId: lead.id, source: lead.source, ownerId, mailId: mailId ?? null }));
    if (ownerId) lead.assignTo(ownerId);
    return lead;
  }

  /** @throws LeadNotLive */
  edit(to: LeadEdit): void {
    this.assertLive();
    const changes = Object.entries(to).filter(
      ([key, value]) => value !== undefined && !isDeepStrictEqual(value, this[key as keyof LeadEdit]),
    );
    if (!changes.length) return;
    this.change(Object.fromEntries(changes));
    this.raise(LeadUpdated({ leadId: this.id, changed: changes.map(([key]) => key) }));
  }

  /** From one to another it keeps its status. @throws LeadNotLive */
  assignTo(ownerId: string): void {
    this.assertLive();
    if (ownerId === this.ownerId && this.status !== 'new') return;
    const previous = this.ownerId;
    this.change({ ownerId, ...(this.status === 'new' && { status: 'assigned' }) });
    this.raise(LeadAssigned({ leadId: this.id, ownerId, previous }));
  }

  /** @throws InvalidTransition */
  contact(): void {
    this.become('contacted');
    this.raise(LeadContacted({ leadId: this.id }));
  }

  /** @throws InvalidTransition */
  qualify(): void {
    this.become('qualified');
    this.raise(LeadQualified({ leadId: this.id }));
  }

  /** @throws AlreadyConverted, InvalidTransition */
  assertConvertible(): void {
    if (this.status === 'converted') throw new AlreadyConverted(this);
    LEAD_STATES.assert(this.status, 'converted');
  }

  /** @throws AlreadyConverted, InvalidTransition */
  convert(became: Became, now: Date): void {
    this.assertConvertible();
    this.change({ ...became, status: 'converted', convertedAt: now, nextAction: null, nextActionAt: null });
    this.raise(LeadConverted({ leadId: this.id, ...became, at: now.toISOString() }));
  }

  /** @throws InvalidTransition */
  disqualify(reason: string): void {
    const from = this.status;
    this.become('disqualified');
    this.change({ reason, nextAction: null, nextActionAt: null });
    this.raise(LeadDisqualified({ leadId: this.id, from, reason }));
  }

  /** Whoever had it has it still, and takes it up again by `assign`. @throws InvalidTransition */
  reopen(): void {
    LEAD_STATES.assert(this.status, 'new');
    if (this.status === 'duplicate') throw new LeadNotLive(this.id, this.status, this.duplicateOf);
    this.change({ status: 'new', reason: null });
    this.raise(LeadReopened({ leadId: this.id }));
  }

  /** Its person wrote once more: who was given up has spoken again. @throws LeadNotLive */
  hear(mailId: string): void {
    if (this.status === 'disqualified') this.reopen();
    this.assertLive();
    this.raise(LeadWrote({ leadId: this.id, mailId }));
  }

  /** Answers the status that it had. @throws LeadNotLive */
  mergeInto(survivorId: string): LiveStatus {
    const from = this.assertLive();
    this.change({ status: 'duplicate', duplicateOf: survivorId });
    return from;
  }

  /** The other one is this one, which takes over what it has not. @throws LeadNotLive */
  absorb(fields: Absorbed, { otherId, mergeId }: { otherId: string; mergeId: string }): void {
    this.assertLive();
    this.change(fields);
    this.raise(LeadsMerged({ leadId: this.id, otherId, mergeId }));
  }

  /** A merge is taken back: what it brought goes, wherever this lead is by now. */
  giveBack(fields: Absorbed, { otherId, mergeId }: { otherId: string; mergeId: string }): void {
    this.change(fields);
    this.raise(LeadsParted({ leadId: this.id, otherId, mergeId }));
  }

  /** @throws InvalidTransition when it is no duplicate */
  standAlone(status: LiveStatus): void {
    LEAD_STATES.assert(this.status, status);
    this.change({ status, duplicateOf: null });
  }

  trash(by: string, now: Date): void {
    this.change({ deletedAt: now, deletedBy: by });
    this.raise(LeadTrashed({ leadId: this.id }));
  }

  restore(): void {
    this.change({ deletedAt: null, deletedBy: null });
    this.raise(LeadRestored({ leadId: this.id }));
  }

  /** @throws LeadNotLive */
  assertLive(): LiveStatus {
    if (!isLive(this.status)) throw new LeadNotLive(this.id, this.status, this.duplicateOf);
    return this.status;
  }

  private become(status: LeadStatus): void {
    LEAD_STATES.assert(this.status, status);
    this.change({ status });
  }
}

const EMPTY = {
  ...{ email: null, phone: null, company: null, subject: null, message: null, source: 'manual', utm: {} },
  ...{ mailHash: null, reason: null, ownerId: null, teamId: null, nextAction: null, nextActionAt: null },
  ...{ customerId: null, companyId: null, dealId: null, convertedAt: null, duplicateOf: null, customFields: {} },
  ...{ deletedAt: null, deletedBy: null },
} as const;
