import { newId } from '@app/kernel';
import { Entity } from 'typeorm';
import {
  CustomerReplied,
  InquiryAnswered,
  InquiryAssigned,
  InquiryCreated,
  InquiryMerged,
  InquiryMovedToTeam,
  InquiryNoted,
  InquiryReopened,
  InquiryRestored,
  InquirySnoozed,
  InquirySplit,
  InquiryTrashed,
  InquiryUnmerged,
  InquiryUpdated,
  InquiryWoken,
} from '../events.js';
import {
  AlreadyTaken,
  HoldNeedsReason,
  MergedWithItself,
  MergeIsFinal,
  NothingToDo,
  NotMergeable,
  NotMerged,
  NotSnoozed,
  SnoozeOutOfRange,
} from './inquiry.errors.js';
import {
  daysAfter,
  excerptOf,
  INQUIRY_STATES,
  isMergeable,
  LONGEST_SNOOZE_MS,
  type PlainStatus,
  UNMERGE_WITHIN_MS,
} from './inquiry.policy.js';
import { type Edit, InquiryRecord, type NewInquiry, UNTOUCHED } from './inquiry.record.js';

export type { Edit, NewInquiry } from './inquiry.record.js';

@Entity('inquiries')
export class Inquiry extends InquiryRecord {
  static open(given: NewInquiry, now: Date): Inquiry {
    const { split, askedAt = now, ...asked } = given;
    const { priority = 'normal', category = null, teamId = null, followUpOf = null, isCustomerBlocked = false } = given;
    const inquiry = new Inquiry().change({
      ...UNTOUCHED,
      ...asked,
      splitFrom: split?.from ?? null,
      splitMessageId: split?.messageId ?? null,
      id: given.id ?? newId(),
      message: excerptOf(given.message),
      priority,
      category,
      teamId,
      followUpOf,
      isCustomerBlocked,
      lastCustomerMessageAt: askedAt,
      awaitsAnswerSince: now,
    });
    const { id, customerId, channel } = inquiry;
    inquiry.raise(InquiryCreated({ inquiryId: id, customerId, teamId, channel, followUpOf }));
    return inquiry;
  }

  edit(to: Edit): void {
    this.assertWritable();
    this.change(Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)));
    this.raise(InquiryUpdated({ inquiryId: this.id }));
  }

  /** Compare-and-swap: nobody has it, or it is the taker's already. @throws AlreadyTaken, NothingToDo */
  take(userId: string): void {
    if (this.assignedTo === userId) return;
    if (this.assignedTo) throw new AlreadyTaken(this.id, { id: this.assignedTo, name: null });
    this.assign({ assignedTo: userId });
  }

  /** @throws InquiryIsMerged; NothingToDo when it is closed or spam and shall be somebody's */
  assign({ assignedTo, teamId = this.teamId }: { assignedTo: string | null; teamId?: string | null }): void {
    this.assertWritable();
    if (assignedTo === this.assignedTo && teamId === this.teamId) return;
    if (assignedTo) this.assertWorkable();
    const [previous, formerTeam] = [this.assignedTo, this.teamId];
    this.change({ assignedTo, teamId });
    this.raise(InquiryAssigned({ inquiryId: this.id, assignedTo, teamId, previous }));
    if (teamId !== formerTeam) this.raise(InquiryMovedToTeam({ inquiryId: this.id, teamId, previous: formerTeam }));
    if (assignedTo && this.status === 'new') this.enter('open');
  }

  /** @throws InquiryIsMerged, NothingToDo */
  assertWorkable(): void {
    this.assertWritable();
    if (this.status === 'closed' || this.status === 'spam') throw new NothingToDo(this.status);
  }

  release(): void {
    this.assign({ assignedTo: null });
  }

  /** A status by its name, for those who know the status they want and not the verb. */
  moveTo(
    to: PlainStatus,
    { reason, now, closeAfterDays }: { reason?: string; now: Date; closeAfterDays: number },
  ): void {
    if (this.status === 'spam') return this.restoreFromSpam(to);
    switch (to) {
      case 'new':
        return this.enter('new');
      case 'open':
        return this.reopen();
      case 'pending_customer':
        return this.awaitCustomer();
      case 'on_hold':
        return this.hold(reason);
      case 'resolved':
        return this.resolve(now, closeAfterDays);
      case 'closed':
        return this.close(now);
      case 'spam':
        return this.markSpam();
    }
  }

  /** The customer's turn, by hand or because an answer left. */
  awaitCustomer(): void {
    this.enter('pending_customer');
  }

  /** @throws HoldNeedsReason */
  hold(reason: string | undefined): void {
    if (!reason?.trim()) throw new HoldNeedsReason();
    this.enter('on_hold', { holdReason: reason.trim() });
  }

  resume(): void {
    if (this.status !== 'on_hold') this.refuse('open');
    this.enter('open');
  }

  /** On hold until then, or until the customer writes. Once more moves the time. @throws SnoozeOutOfRange */
  snooze(until: Date, note: string | undefined, now: Date): void {
    const ahead = until.getTime() - now.getTime();
    if (!(ahead > 0 && ahead <= LONGEST_SNOOZE_MS)) throw new SnoozeOutOfRange();
    const holdReason = note?.trim() || this.holdReason || 'Snoozed';
    if (this.status === 'on_hold') this.change({ holdReason, snoozedUntil: until });
    else this.enter('on_hold', { holdReason, snoozedUntil: until });
    this.raise(InquirySnoozed({ inquiryId: this.id, until: until.toISOString() }));
  }

  /** @throws NotSnoozed */
  wake(by: 'staff' | 'time'): void {
    this.assertWritable();
    if (this.status !== 'on_hold' || !this.snoozedUntil) throw new NotSnoozed(this.id);
    this.enter('open');
    this.raise(InquiryWoken({ inquiryId: this.id, by }));
  }

  /** The timer of one snooze: it wakes nothing whose time was moved, or that is awake. */
  wakeWhenDue(due: Date): void {
    if (this.status === 'on_hold' && this.snoozedUntil?.getTime() === due.getTime()) this.wake('time');
  }

  /** By staff: back to work on what is new, waits or is over. */
  reopen(): void {
    const isOver = this.status === 'resolved' || this.status === 'closed';
    this.enter('open', isOver ? { reopenCount: this.reopenCount + 1, resolvedAt: null } : {});
    if (isOver) this.raise(InquiryReopened({ inquiryId: this.id, by: 'staff', reopenCount: this.reopenCount }));
  }

  resolve(now: Date, closeAfterDays: number): void {
    this.enter('resolved', { resolvedAt: now, closesAt: daysAfter(now, closeAfterDays) });
  }

  close(now: Date): void {
    this.enter('closed', { closedAt: now });
  }

  /** The timer of one resolution: it closes nothing that was re-opened, or resolved anew, since. */
  closeWhenDue(due: Date, now: Date): void {
    if (this.status === 'resolved' && this.closesAt?.getTime() === due.getTime()) this.close(now);
  }

  markSpam(): void {
    this.enter('spam', { statusBeforeSpam: this.status });
  }

  /** Out of spam leads only the way back. */
  restoreFromSpam(to = this.statusBeforeSpam ?? 'open'): void {
    if (this.status !== 'spam' || to !== this.statusBeforeSpam) this.refuse(to);
    this.enter(to, { statusBeforeSpam: null });
  }

  /**
   * A message of the customer. It re-opens what waited or was over; in spam, or when a machine wrote it (an absence
   * notice), it is kept and changes nothing. Answers the message's seq.
   */
  receive(at: Date, isQuiet = false): number {
    this.assertWritable();
    const messageSeq = this.count({ customerMessageCount: this.customerMessageCount + Number(!isQuiet) });
    if (isQuiet || this.status === 'spam') return messageSeq;
    this.change({ lastCustomerMessageAt: at, awaitsAnswerSince: this.awaitsAnswerSince ?? at });
    this.raise(CustomerReplied({ inquiryId: this.id, customerId: this.customerId, messageSeq, at: at.toISOString() }));
    if (this.status === 'new' || this.status === 'open') return messageSeq;
    this.enter('open', { reopenCount: this.reopenCount + 1, resolvedAt: null });
    this.raise(InquiryReopened({ inquiryId: this.id, by: 'customer', reopenCount: this.reopenCount }));
    return messageSeq;
  }

  /** Whether a message of the customer begins a new inquiry instead: closed for too long, or in the trash. */
  isOver(now: Date, reopenWithinDays: number): boolean {
    if (this.deletedAt) return true;
    return this.status === 'closed' && this.closedAt !== null && now > daysAfter(this.closedAt, reopenWithinDays);
  }

  /** An answer left. The customer's turn, unless the inquiry is over. Answers the message's seq. */
  answer(responseId: string, at: Date): number {
    this.assertWritable();
    const messageSeq = this.count({ firstRespondedAt: this.firstRespondedAt ?? at, awaitsAnswerSince: null });
    this.raise(InquiryAnswered({ inquiryId: this.id, responseId, messageSeq, at: at.toISOString() }));
    if (this.status === 'on_hold') this.resume();
    if (this.status === 'new' || this.status === 'open') this.awaitCustomer();
    return messageSeq;
  }

  note(authorId: string): number {
    this.assertWritable();
    const messageSeq = this.count({});
    this.raise(InquiryNoted({ inquiryId: this.id, messageSeq, authorId }));
    return messageSeq;
  }

  /**
   * Ends in another inquiry, which goes on with both: what was written here is read there. Everything that held of it
   * stays in the row, for the way back. @throws MergedWithItself, InquiryIsMerged, NotMergeable
   */
  mergeInto(target: Inquiry, now: Date): void {
    if (target.id === this.id) throw new MergedWithItself();
    target.assertWritable();
    this.assertWritable();
    for (const { id, deletedAt } of [this, target]) if (deletedAt) throw new NotMergeable(id, 'trashed');
    if (!isMergeable(target.status)) throw new NotMergeable(target.id, target.status);
    const statusBeforeMerge = this.status;
    if (!isMergeable(statusBeforeMerge)) this.refuse('merged');
    this.enter('merged', { statusBeforeMerge, mergedInto: target.id, mergedAt: now });
    this.raise(InquiryMerged({ inquiryId: this.id, into: target.id }));
  }

  /**
   * A question that was open, or put off, in what is merged into this is open here from now on, as if it had been asked here:
   * nothing reminds anybody of the other one.
   */
  takeOver({ statusBeforeMerge, awaitsAnswerSince }: Inquiry, now: Date): void {
    if (!awaitsAnswerSince || statusBeforeMerge === 'pending_customer' || statusBeforeMerge === 'resolved') return;
    this.change({ awaitsAnswerSince: this.awaitsAnswerSince ?? now });
    if (this.status !== 'new' && this.status !== 'open') this.reopen();
  }

  /** What it waited to be answered went away with what was merged into it. */
  awaitNothing(): void {
    this.change({ awaitsAnswerSince: null });
  }

  /** As it was before. What came since then came to the other inquiry, and stays there. @throws NotMerged, MergeIsFinal */
  unmerge(now: Date): void {
    const { mergedInto, mergedAt, statusBeforeMerge } = this;
    if (!mergedInto || !mergedAt || !statusBeforeMerge) throw new NotMerged(this.id);
    if (now.getTime() > mergedAt.getTime() + UNMERGE_WITHIN_MS) throw new MergeIsFinal(mergedAt);
    const isBack = { statusBeforeMerge: null, mergedInto: null, mergedAt: null };
    INQUIRY_STATES.assert('merged', statusBeforeMerge);
    this.change({ ...isBack, status: statusBeforeMerge });
    this.tellStatus('merged', statusBeforeMerge);
    this.raise(InquiryUnmerged({ inquiryId: this.id, from: mergedInto }));
  }

  /** A message of it became an inquiry of its own. @throws InquiryIsMerged */
  splitOff(messageId: string, into: string): void {
    this.assertWritable();
    this.raise(InquirySplit({ inquiryId: this.id, messageId, into }));
  }

  trash(by: string, now: Date): void {
    this.assertWritable();
    this.change({ deletedAt: now, deletedBy: by });
    this.raise(InquiryTrashed({ inquiryId: this.id }));
  }

  restore(): void {
    this.change({ deletedAt: null, deletedBy: null });
    this.raise(InquiryRestored({ inquiryId: this.id }));
  }

  private count(changes: Partial<InquiryRecord>): number {
    this.change({ ...changes, messageCount: this.messageCount + 1 });
    return this.messageCount;
  }
}
