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
import { SlaBreached, SlaWarned } from '../events.js';
import type { ClockKind, ClockState, Wish } from './sla.policy.js';

/** What a clock promises, and by whose working hours. */
export type Terms = {
  readonly policyId: string;
  readonly target: number;
  readonly warnFraction: number;
  readonly calendarId: string | null;
  readonly teamId: string | null;
};

/**
 * One promise on one inquiry. Its reading is `@app/calendars` deadline arithmetic; what is due and when to warn are
 * computed at each change and stand in the row. What was due before a change is broken by that very instant: no verb
 * moves a deadline away that has passed. Warning and breach are columns of the statement that tells them, so told once.
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
    const fresh = { state: 'running', pausedSince: null, pausedSeconds: 0, warnedAt: null, breachedAt: null } as const;
    const clock = new InquiryClock().change({ id: newId(), ...of, ...terms, ...fresh, startedAt: at, stoppedAt: null });
    return clock.read(startClock(terms.target, at), hours);
  }

  /** Brings the clock to what the inquiry's standing asks of it. A clock that was stopped goes on where it stood. */
  follow(wish: Wish, at: Date, hours: BusinessHours): void {
    this.check(at);
    if (wish === 'met' || wish === 'cancel') this.stop(wish, at, hours);
    else if (wish === 'run' && !this.runningSince) this.run(at, hours);
    else if (wish === 'pause' && !this.pausedSince) this.stand(at, hours);
  }

  /** Other terms: what was used up, under the hours it ran under, stays used up. */
  adopt(terms: Terms, at: Date, before: BusinessHours, after: BusinessHours): void {
    this.check(at);
    const { reading } = retarget(this.reading, terms.target, at, before);
    this.change(terms).read(reading, after);
    this.check(at);
  }

  /** The same terms under hours that were changed: the stretch that runs counts anew, what a pause has ended stays. */
  recount(at: Date, hours: BusinessHours): void {
    this.check(at);
    if (!this.runningSince || this.breachedAt) return;
    this.read(this.reading, hours);
    if (this.dueAt && this.dueAt < at) this.change({ dueAt: at });
    this.check(at);
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

  countAt(at: Date, hours: BusinessHours): { usedSeconds: number; pausedSeconds: number } {
    const standing = this.pausedSince ? hours.businessSecondsBetween(this.pausedSince, at) : 0;
    return { usedSeconds: usedAt(this.reading, at, hours), pausedSeconds: this.pausedSeconds + standing };
  }

  /** When to look again; null while nothing can come due. */
  get nextCheck(): Date | null {
    if (this.stoppedAt || this.breachedAt || !this.runningSince) return null;
    return this.warnedAt ? this.dueAt : this.warnAt;
  }

  isUnder(terms: Terms): boolean {
    return (Object.keys(terms) as (keyof Terms)[]).every((term) => this[term] === terms[term]);
  }

  get isOpen(): boolean {
    return this.stoppedAt === null;
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
    this.change({ ...this.countAt(at, hours), runningSince: null, pausedSince: null, stoppedAt: at, state });
  }

  /** A broken promise keeps the instant it was due. */
  private read(reading: ClockReading, hours: BusinessHours): this {
    this.change(reading);
    if (this.breachedAt) return this;
    return this.change({ dueAt: dueAt(reading, hours), warnAt: warnAt(reading, hours, this.warnFraction) });
  }

  private get reading(): ClockReading {
    return { target: this.target, usedSeconds: this.usedSeconds, runningSince: this.runningSince };
  }

  private get fact(): { inquiryId: string; clock: ClockKind; dueAt: string } {
    return { inquiryId: this.inquiryId, clock: this.kind, dueAt: (this.dueAt ?? this.startedAt).toISOString() };
  }
}
