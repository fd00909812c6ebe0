import { isDeepStrictEqual } from 'node:util';
import { Aggregate, newId } from '@app/kernel';
import { type Concealed, concealedFields, type FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';
import { type Approval, type Checked, type StageTerms, unmetBy } from '../entry/stage-terms.js';
import { ApprovalNotAsked, PointUnknown } from '../entry/entry.errors.js';
import {
  DealAssigned,
  DealCreated,
  DealLeftPipeline,
  DealLost,
  DealPlaced,
  DealReopened,
  DealRestored,
  DealStageChanged,
  DealTrashed,
  DealUpdated,
  DealWon,
} from '../events.js';
import { DealNotOpen, FollowsFromItems, StageDemands } from './deal.errors.js';
import { DEAL_STATES, type DealStatus, daysAfter } from './deal.policy.js';

/** What people edit. `amount` is in minor units of `currency`; `expectedCloseDate` a day, `YYYY-MM-DD`. */
export type DealDocument = {
  name: string;
  amount: number | null;
  currency: string;
  expectedCloseDate: string | null;
  customerId: string | null;
  companyId: string | null;
  teamId: string | null;
  customFields: FieldValues;
};
export type DealEdit = Partial<DealDocument> & { probability?: number };
export type NewDeal = Pick<DealDocument, 'name' | 'currency'> &
  Partial<DealDocument> & { id?: string; createdBy: string; ownerId: string | null; rank: string };

/** What the lines of a deal come to: `discountPercent` of what they would cost in all, as decimal text. */
export type LineSums = { items: number; net: number; discountPercent: string };

@Entity('deals')
export class Deal extends Aggregate<Deal> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('uuid') readonly pipelineId: string;
  @Column('uuid') readonly stageId: string;
  @Column('text') readonly rank: string;
  @Column('text') readonly status: DealStatus;
  @Column({ type: 'bigint', nullable: true }) readonly amount: number | null;
  @Column('text') readonly currency: string;
  @Column('int') readonly itemCount: number;
  @Column('numeric') readonly discountPercent: string;
  @Column('int') readonly probability: number;
  @Column({ type: 'date', nullable: true }) readonly expectedCloseDate: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly customerId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly companyId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly ownerId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('jsonb') readonly checked: readonly Checked[];
  @Column({ type: 'jsonb', nullable: true }) readonly approval: Approval | null;
  @Column('jsonb') readonly customFields: FieldValues;
  @VirtualColumn({ type: 'jsonb', query: concealedFields('deals') }) readonly concealedFields: Concealed;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3 }) readonly stageEnteredAt: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly rotsAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly closedAt: Date | null;
  @Column({ type: 'text', nullable: true }) readonly lostReason: string | null;
  @Column({ type: 'text', nullable: true }) readonly reopenedBecause: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly deletedAt: Date | null;
  @Column({ type: 'uuid', nullable: true }) readonly deletedBy: string | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws StageDemands */
  static begin(given: NewDeal, stage: StageTerms, now: Date): Deal {
    const deal = new Deal().change({ ...EMPTY, ...given, id: given.id ?? newId() });
    deal.stand(stage, now);
    deal.assertMeets(stage);
    const { id: dealId, pipelineId, stageId, customerId, ownerId } = deal;
    deal.raise(DealCreated({ dealId, pipelineId, stageId, customerId, ownerId }));
    return deal;
  }

  /** The stage is the one it stands in, whose demands go on. @throws DealNotOpen, FollowsFromItems, StageDemands */
  edit(to: DealEdit, stage: StageTerms): void {
    this.assertOpen();
    const changes = Object.entries(to).filter(
      ([key, value]) => value !== undefined && !isDeepStrictEqual(value, this[key as keyof DealEdit]),
    );
    if (!changes.length) return;
    if (this.itemCount && changes.some(([key]) => key === 'amount' || key === 'currency')) throw new FollowsFromItems();
    this.change(Object.fromEntries(changes));
    this.assertMeets(stage);
    this.tellUpdated(changes.map(([key]) => key));
  }

  /** Its lines changed: it is worth their net sum, and keeps its amount once there are none. @throws DealNotOpen, StageDemands */
  consistOf({ items, net, discountPercent }: LineSums, stage: StageTerms): void {
    this.assertOpen();
    this.change({ itemCount: items, amount: items ? net : this.amount, discountPercent });
    this.assertMeets(stage);
    this.tellUpdated(['amount', 'items']);
  }

  /** Who plays which part in it changed. @throws DealNotOpen */
  tellContacts(): void {
    this.assertOpen();
    this.tellUpdated(['contacts']);
  }

  /** `current`: the stage it stands in, whose own points stay ticked off. @throws DealNotOpen, PointUnknown, StageDemands */
  check({ id: stageId, checklist }: StageTerms, item: string, isDone: boolean, current: StageTerms): void {
    this.assertOpen();
    if (!checklist.includes(item)) throw new PointUnknown();
    const others = this.checked.filter((one) => one.stageId !== stageId || one.item !== item);
    if (isDone === others.length < this.checked.length) return;
    this.change({ checked: isDone ? [...others, { stageId, item }] : others });
    if (!isDone) this.assertMeets(current);
    this.tellUpdated(['checked']);
  }

  /** By the terms of now. @throws DealNotOpen */
  askApproval(stageId: string): Approval {
    this.assertOpen();
    const approval: Approval = { stageId, terms: this.terms, status: 'pending' };
    this.change({ approval });
    this.tellUpdated(['approval']);
    return approval;
  }

  /** What waits to be decided. @throws DealNotOpen, ApprovalNotAsked */
  awaited(): Approval {
    this.assertOpen();
    if (this.approval?.status !== 'pending') throw new ApprovalNotAsked();
    return this.approval;
  }

  decideApproval(status: 'approved' | 'rejected'): void {
    this.change({ approval: { ...this.awaited(), status } });
    this.tellUpdated(['approval']);
  }

  /** What an approval is about. */
  get terms(): string {
    return `${this.amount ?? ''} ${this.currency} ${this.discountPercent}`;
  }

  /** To a place in a column of the board: the stage it is in, another one, or one of another pipeline. @throws DealNotOpen, StageDemands */
  moveTo(stage: StageTerms, rank: string, now: Date): void {
    this.assertOpen();
    this.change({ rank });
    if (stage.id === this.stageId) return this.raise(DealPlaced({ ...this.told, stageId: stage.id }));
    this.assertMeets(stage);
    this.enter(stage, now);
  }

  /** Its stage is taken away: whatever the next one demands, and whether or not it is over. */
  leave(stage: StageTerms, now: Date): void {
    if (this.status === 'open') return this.enter(stage, now);
    this.change({ pipelineId: stage.pipelineId, stageId: stage.id });
  }

  win(now: Date): void {
    this.end('won', now, { probability: 100 });
    const { customerId, amount, currency } = this;
    this.raise(DealWon({ ...this.told, customerId, amount, currency, at: now.toISOString() }));
  }

  lose(reason: string, now: Date): void {
    this.end('lost', now, { probability: 0, lostReason: reason });
    const { customerId, amount, currency } = this;
    this.raise(DealLost({ ...this.told, customerId, amount, currency, reason, at: now.toISOString() }));
  }

  /** Back into the stage that it ended in, where its time begins anew; what was is in its history. */
  reopen(reason: string, stage: StageTerms, now: Date): void {
    const from = this.status;
    DEAL_STATES.assert(from, 'open');
    this.change({ status: 'open', closedAt: null, lostReason: null, reopenedBecause: reason });
    this.stand(stage, now);
    this.raise(DealReopened({ ...this.told, from, reason }));
  }

  assignTo(ownerId: string | null): void {
    if (ownerId === this.ownerId) return;
    const previous = this.ownerId;
    this.change({ ownerId });
    this.raise(DealAssigned({ ...this.told, ownerId, previous }));
  }

  trash(by: string, now: Date): void {
    this.change({ deletedAt: now, deletedBy: by });
    this.raise(DealTrashed(this.told));
  }

  restore(): void {
    this.change({ deletedAt: null, deletedBy: null });
    this.raise(DealRestored(this.told));
  }

  private enter(stage: StageTerms, now: Date): void {
    const [from, left] = [this.stageId, this.told];
    this.stand(stage, now);
    this.raise(DealStageChanged({ ...this.told, from, to: stage.id }));
    if (left.pipelineId !== stage.pipelineId) this.raise(DealLeftPipeline(left));
  }

  private stand({ id, pipelineId, probability, rotDays }: StageTerms, now: Date): void {
    const rotsAt = rotDays === null ? null : daysAfter(now, rotDays);
    this.change({ stageId: id, pipelineId, probability, stageEnteredAt: now, rotsAt });
  }

  private end(to: 'won' | 'lost', now: Date, changes: Partial<Deal>): void {
    DEAL_STATES.assert(this.status, to);
    this.change({ ...changes, status: to, closedAt: now, rotsAt: null });
  }

  private assertOpen(): void {
    if (this.status !== 'open') throw new DealNotOpen(this.id, this.status);
  }

  private assertMeets(stage: StageTerms): void {
    const unmet = unmetBy(this, stage);
    if (unmet.length) throw new StageDemands(stage.id, unmet);
  }

  private tellUpdated(changed: string[]): void {
    this.raise(DealUpdated({ ...this.told, changed }));
  }

  private get told(): { dealId: string; pipelineId: string } {
    return { dealId: this.id, pipelineId: this.pipelineId };
  }
}

const EMPTY = {
  status: 'open',
  amount: null,
  itemCount: 0,
  discountPercent: '0.00',
  expectedCloseDate: null,
  customerId: null,
  companyId: null,
  checked: [],
  approval: null,
  teamId: null,
  customFields: {},
  closedAt: null,
  lostReason: null,
  reopenedBecause: null,
  deletedAt: null,
  deletedBy: null,
} as const;
