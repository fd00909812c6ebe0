import { Aggregate, newId } from '@app/kernel';
import type { FieldValues } from '@app/records';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { changedFields } from '../changed-fields.js';
import { ProjectCreated, ProjectPassedOn, ProjectStatusChanged, ProjectUpdated } from '../events.js';
import {
  CurrencyMixed,
  MilestoneNotFound,
  ProjectClosed,
  ProjectEndsBeforeItStarts,
  TooManyMembers,
  TooManyMilestones,
} from './project.errors.js';
import { isClosed, MOST_MEMBERS, MOST_MILESTONES, PROJECT_STATUS, type ProjectStatus } from './project.policy.js';

/** Minor units and an ISO 4217 code. */
export type Money = { readonly amount: number; readonly currency: string };
export type Milestone = {
  readonly id: string;
  readonly name: string;
  readonly dueOn: string | null;
  readonly isReached: boolean;
};
export type MilestoneDraft = Omit<Milestone, 'id'>;

/** What people edit. `rate` is what an hour of work costs from now on; what is recorded keeps the rate it had. */
export type ProjectDocument = {
  name: string;
  description: string;
  customerId: string | null;
  startsOn: string | null;
  dueOn: string | null;
  budgetMinutes: number | null;
  budget: Money | null;
  rate: Money | null;
  teamId: string | null;
  ownerId: string;
  customFields: FieldValues;
};
export type NewProject = Pick<ProjectDocument, 'name'> &
  Partial<ProjectDocument> & { id?: string; members?: readonly string[]; milestones?: readonly Milestone[] };

const PLAIN_FIELDS = [
  ...(['name', 'description', 'customerId', 'startsOn', 'dueOn', 'budgetMinutes', 'teamId', 'customFields'] as const),
] as const;

@Entity('projects')
export class Project extends Aggregate<Project> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly name: string;
  @Column('text') readonly description: string;
  @Column({ type: 'uuid', nullable: true }) readonly customerId: string | null;
  @Column('text') readonly status: ProjectStatus;
  @Column({ type: 'date', nullable: true }) readonly startsOn: string | null;
  @Column({ type: 'date', nullable: true }) readonly dueOn: string | null;
  @Column({ type: 'int', nullable: true }) readonly budgetMinutes: number | null;
  @Column({ type: 'bigint', nullable: true }) readonly budgetAmount: number | null;
  @Column({ type: 'bigint', nullable: true }) readonly rateAmount: number | null;
  @Column({ type: 'text', nullable: true }) readonly currency: string | null;
  @Column('jsonb') readonly milestones: readonly Milestone[];
  @Column('uuid', { array: true }) readonly members: readonly string[];
  @Column('jsonb') readonly customFields: FieldValues;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('uuid') readonly ownerId: string;
  @Column('uuid') readonly createdBy: string;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly closedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** @throws CurrencyMixed, ProjectEndsBeforeItStarts, TooManyMembers */
  static create(card: NewProject, createdBy: string): Project {
    const project = new Project().change({
      id: card.id ?? newId(),
      name: card.name,
      description: card.description ?? '',
      customerId: card.customerId ?? null,
      status: PROJECT_STATUS.initial,
      startsOn: card.startsOn ?? null,
      dueOn: card.dueOn ?? null,
      budgetMinutes: card.budgetMinutes ?? null,
      ...moneyOf(card.budget ?? null, card.rate ?? null),
      milestones: card.milestones ?? [],
      members: boundedMembers(card.members ?? []),
      customFields: card.customFields ?? {},
      teamId: card.teamId ?? null,
      ownerId: card.ownerId ?? createdBy,
      createdBy,
      closedAt: null,
    });
    project.assertInOrder();
    project.raise(ProjectCreated({ projectId: project.id, customerId: project.customerId }));
    return project;
  }

  /** Takes over what is given and differs. @throws ProjectClosed, CurrencyMixed, ProjectEndsBeforeItStarts */
  amend({ budget, rate, ownerId, ...to }: Partial<ProjectDocument>): void {
    this.assertOpen();
    const wanted: Partial<Project> = {
      ...Object.fromEntries(PLAIN_FIELDS.filter((name) => to[name] !== undefined).map((name) => [name, to[name]])),
      ...moneyOf(budget === undefined ? this.budget : budget, rate === undefined ? this.rate : rate),
    };
    this.update(wanted);
    this.assertInOrder();
    if (ownerId) this.passOn(ownerId);
  }

  passOn(ownerId: string): void {
    const previous = this.ownerId;
    if (ownerId === previous) return;
    this.change({ ownerId });
    this.raise(ProjectPassedOn({ projectId: this.id, ownerId, previous }));
  }

  /** @throws InvalidTransition */
  moveTo(status: ProjectStatus, now: Date): void {
    const from = this.status;
    if (from === status) return;
    PROJECT_STATUS.assert(from, status);
    this.change({ status, closedAt: isClosed(status) ? now : null });
    this.raise(ProjectStatusChanged({ projectId: this.id, from, to: status }));
  }

  /** @throws TooManyMembers */
  enrol(userId: string): void {
    this.assertOpen();
    this.update({ members: boundedMembers([...this.members, userId]) });
  }

  dismiss(userId: string): void {
    this.assertOpen();
    this.update({ members: this.members.filter((id) => id !== userId) });
  }

  /** The place of somebody who leaves, in a project that is over too. */
  replaceMember(from: string, to: string): void {
    this.update({ members: [...new Set(this.members.map((id) => (id === from ? to : id)))] });
  }

  /** @throws TooManyMilestones */
  addMilestone(draft: MilestoneDraft): void {
    this.assertOpen();
    if (this.milestones.length >= MOST_MILESTONES) throw new TooManyMilestones(MOST_MILESTONES);
    this.update({ milestones: [...this.milestones, { id: newId(), ...draft }] });
  }

  /** @throws MilestoneNotFound */
  changeMilestone(id: string, draft: MilestoneDraft): void {
    this.assertOpen();
    if (!this.hasMilestone(id)) throw new MilestoneNotFound(id);
    this.update({ milestones: this.milestones.map((one) => (one.id === id ? { id, ...draft } : one)) });
  }

  /** @throws MilestoneNotFound */
  removeMilestone(id: string): void {
    this.assertOpen();
    if (!this.hasMilestone(id)) throw new MilestoneNotFound(id);
    this.update({ milestones: this.milestones.filter((one) => one.id !== id) });
  }

  hasMilestone(id: string): boolean {
    return this.milestones.some((one) => one.id === id);
  }

  get budget(): Money | null {
    return moneyIn(this.budgetAmount, this.currency);
  }

  get rate(): Money | null {
    return moneyIn(this.rateAmount, this.currency);
  }

  private update(wanted: Partial<Project>): void {
    const changes = changedFields<Project>(this, wanted);
    const changed = Object.keys(changes);
    this.change(changes);
    if (changed.length) this.raise(ProjectUpdated({ projectId: this.id, changed }));
  }

  private assertOpen(): void {
    if (isClosed(this.status)) throw new ProjectClosed(this.id, this.status);
  }

  private assertInOrder(): void {
    if (this.startsOn && this.dueOn && this.dueOn < this.startsOn) throw new ProjectEndsBeforeItStarts();
  }
}

function moneyOf(budget: Money | null, rate: Money | null): Pick<Project, 'budgetAmount' | 'rateAmount' | 'currency'> {
  if (budget && rate && budget.currency !== rate.currency) throw new CurrencyMixed();
  return {
    budgetAmount: budget?.amount ?? null,
    rateAmount: rate?.amount ?? null,
    currency: budget?.currency ?? rate?.currency ?? null,
  };
}

const moneyIn = (amount: number | null, currency: string | null): Money | null =>
  amount === null || currency === null ? null : { amount, currency };

function boundedMembers(userIds: readonly string[]): string[] {
  const members = [...new Set(userIds.map((id) => id.toLowerCase()))];
  if (members.length > MOST_MEMBERS) throw new TooManyMembers(MOST_MEMBERS);
  return members;
}
