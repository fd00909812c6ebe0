import {
  type BusinessHours,
  type ClockReading,
  dueAt,
  pause,
  resume,
  retarget,
  startClock,
  usedAt,
  warnAt,
} from '@app/calendars';
import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { SlaBreached, SlaEscalated, SlaWarned } from '../events.js';
import type { ClockKind, ClockState, EscalationAction, EscalationStep, Wish } from './sla.policy.js';

/** What a clock promises, and by whose working hours. */
export type Terms = {
  readonly policyId: string;
  readonly target: number;
  readonly warnFraction: number;
  readonly escalation: readonly EscalationStep[];
  readonly calendarId: string | null;
  readonly teamId: string | null;
};

const FRESH = {
  state: 'running',
  escalatedSteps: 0,
  pausedSince: null,
  pausedSeconds: 0,
  warnedAt: null,
  breachedAt: null,
  stoppedAt: null,
} as const;
const STOPPED = { runningSince: null, pausedSince: null, escalatesAt: null } as const;

/**
 * One promise on one inquiry. Its reading is `@app/calendars` deadline arithmetic; what is due and when to warn are
 * computed at each change and stand in the row. What was due before a change is broken by that very instant: no verb
 * moves a deadline away that has passed. Warning, breach and the steps of its escalation are columns of the statement that
 * tells them, so told once.
 */
@Entity('inquiry_clocks')
export class InquiryClock extends Aggregate<InquiryClock> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('text') readonly kind: ClockKind;
  @Column('text') readonly state: ClockState;
  @Column({ type: 'uuid', nullable: true }) readonly policyId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly calendarId: string | null;
  @Column({ type: 'uuid', nullable: true }) readonly teamId: string | null;
  @Column('float8') readonly target: number;
  @Column('float8') readonly warnFraction: number;
  @Column('jsonb') readonly escalation: readonly EscalationStep[];
  /** How many of these steps were told. */
  @Column('int') readonly escalatedSteps: number;
  /** When the next one is; null when none is left, or while it stands still. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly escalatesAt: Date | null;
  @Column('float8') readonly usedSeconds: number;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly runningSince: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly pausedSince: Date | null;
  @Column('float8') readonly pausedSeconds: number;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly dueAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly warnAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly warnedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly breachedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3 }) readonly startedAt: Date;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly stoppedAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static start(of: { inquiryId: string; kind: ClockKind }, terms: Terms, at: Date, hours: BusinessHours): InquiryClock {
    const clock = new InquiryClock().change({ id: newId(), ...of, ...terms, ...FRESH, startedAt: at });
    return clock.read(startClock(terms.target, at), hours);
  }

  /** Brings the clock to what the inquiry's standing asks of it. A clock that was stopped goes on where it stood. */
  follow(wish: Wish, at: Date, hours: BusinessHours): void {
    this.check(at);
    if (wish === 'met' || wish === 'cancel') return this.stop(wish, at, hours);
    this.escalate(at, hours);
    if (wish === 'run' && !this.runningSince) this.run(at, hours);
    else if (wish === 'pause' && !this.pausedSince) this.stand(at, hours);
  }

  /** Other terms: what was used up, under the hours it ran under, stays used up. */
  adopt(terms: Terms, at: Date, before: BusinessHours, after: BusinessHours): void {
    this.tell(at, before);
    const { reading } = retarget(this.reading, terms.target, at, before);
    this.change(terms).read(reading, after);
    this.tell(at, after);
  }

  /** The same terms under hours that were changed: the stretch that runs counts anew, what a pause has ended stays. */
  recount(at: Date, hours: BusinessHours): void {
    this.check(at);
    if (!this.runningSince) return;
    this.read(this.reading, hours);
    if (!this.breachedAt && this.dueAt && this.dueAt < at) this.change({ dueAt: at }).aim(hours);
    this.tell(at, hours);
  }

  /** Tells what is due by then: once each, whoever asks and however late. */
  check(at: Date): void {
    if (this.stoppedAt || this.breachedAt) return;
    const isDue = this.dueAt !== null && this.dueAt <= at;
    if (!this.warnedAt && (isDue || (this.warnAt !== null && this.warnAt <= at))) {
      this.change({ warnedAt: at });
      this.raise(SlaWarned(this.fact));
    }
    if (!isDue) return;
    this.change({ breachedAt: this.dueAt, state: 'breached' });
    this.raise(SlaBreached(this.fact));
  }

  /** Tells the steps of the escalation that are due by then: once each, and after a breach as well. */
  escalate(at: Date, hours: BusinessHours): void {
    while (this.isToEscalate(at)) {
      const { id: clockId, escalatedSteps, escalation } = this;
      const due = escalation[escalatedSteps];
      if (!due) return;
      this.raise(SlaEscalated({ ...this.fact, clockId, step: escalatedSteps + 1, ...due }));
      this.change({ escalatedSteps: escalatedSteps + 1 }).aim(hours);
    }
  }

  /** The steps before this one that have been told, first to last, as the policy has them now. */
  toldBefore(step: number): { step: number; after: number; action: EscalationAction }[] {
    const told = this.escalation.slice(0, Math.min(this.escalatedSteps, step - 1));
    return told.map((each, at) => ({ step: at + 1, ...each }));
  }

  isToEscalate(at: Date): boolean {
    return this.escalatesAt !== null && this.escalatesAt <= at;
  }

  countAt(at: Date, hours: BusinessHours): { usedSeconds: number; pausedSeconds: number } {
    const standing = this.pausedSince ? hours.businessSecondsBetween(this.pausedSince, at) : 0;
    return { usedSeconds: usedAt(this.reading, at, hours), pausedSeconds: this.pausedSeconds + standing };
  }

  /** When to look again; null while nothing can come due. */
  get nextCheck(): Date | null {
    if (this.stoppedAt || !this.runningSince) return null;
    const promised = this.warnedAt ? this.dueAt : this.warnAt;
    const ahead = [this.escalatesAt, this.breachedAt ? null : promised].flatMap((at) => at?.getTime() ?? []);
    return ahead.length > 0 ? new Date(Math.min(...ahead)) : null;
  }

  isUnder(terms: Terms): boolean {
    const { escalation, ...plain } = terms;
    const isSame = (Object.keys(plain) as (keyof typeof plain)[]).every((term) => this[term] === plain[term]);
    return isSame && JSON.stringify(this.escalation) === JSON.stringify(escalation);
  }

  get isOpen(): boolean {
    return this.stoppedAt === null;
  }

  get isRunning(): boolean {
    return this.isOpen && this.runningSince !== null;
  }

  private run(at: Date, hours: BusinessHours): void {
    const since = this.pausedSince ?? this.stoppedAt ?? at;
    const pausedSeconds = this.pausedSeconds + hours.businessSecondsBetween(since, at);
    this.change({ pausedSeconds, pausedSince: null, stoppedAt: null, state: this.breachedAt ? 'breached' : 'running' });
    this.read(resume(this.reading, at), hours);
  }

  private stand(at: Date, hours: BusinessHours): void {
    this.change({ pausedSince: this.stoppedAt ?? at, stoppedAt: null, state: this.breachedAt ? 'breached' : 'paused' });
    this.read(pause(this.reading, at, hours), hours);
  }

  private stop(wish: 'met' | 'cancel', at: Date, hours: BusinessHours): void {
    if (this.stoppedAt) return;
    const state = this.breachedAt ? 'breached' : wish === 'met' ? 'met' : 'cancelled';
    this.change({ ...this.countAt(at, hours), ...STOPPED, stoppedAt: at, state });
  }

  /** A broken promise keeps the instant it was due. */
  private read(reading: ClockReading, hours: BusinessHours): this {
    this.change(reading);
    if (!this.breachedAt)
      this.change({ dueAt: dueAt(reading, hours), warnAt: warnAt(reading, hours, this.warnFraction) });
    return this.aim(hours);
  }

  /** At the next step of its escalation. That of the deadline itself is when the row says, also where that was moved. */
  private aim(hours: BusinessHours): this {
    const next = this.isRunning ? this.escalation[this.escalatedSteps] : undefined;
    const at = next && (next.after === 1 ? this.dueAt : warnAt(this.reading, hours, next.after));
    return this.change({ escalatesAt: at ?? null });
  }

  private tell(at: Date, hours: BusinessHours): void {
    this.check(at);
    this.escalate(at, hours);
  }

  private get reading(): ClockReading {
    return { target: this.target, usedSeconds: this.usedSeconds, runningSince: this.runningSince };
  }

  private get fact(): { inquiryId: string; clock: ClockKind; dueAt: string } {
    return { inquiryId: this.inquiryId, clock: this.kind, dueAt: (this.dueAt ?? this.startedAt).toISOString() };
  }
}
