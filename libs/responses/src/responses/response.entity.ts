import { InvalidTransition, newId } from '@app/kernel';
import { Entity } from 'typeorm';
import {
  ResponseApprovalWaived,
  ResponseApproved,
  ResponseDiscarded,
  ResponseDrafted,
  ResponseFailed,
  ResponseHeld,
  ResponseRecalled,
  ResponseRejected,
  ResponseScheduled,
  ResponseSent,
  ResponseSubmitted,
} from '../events.js';
import type { StaleFact } from './fact-quotes.js';
import { ContentChanged, NothingToCancel, RecallDenied, SendAtOutOfRange, UnderApproval } from './response.errors.js';
import {
  contentHash,
  type Draft,
  EDITABLE,
  type HoldReason,
  type Known,
  knowing,
  LONGEST_SCHEDULE_MS,
  mayRecall,
  NO_APPROVAL,
  RESPONSE_STATES,
  type ResponseStatus,
  whatIsNew,
  writersOf,
} from './response.policy.js';
import { ResponseRecord } from './response.record.js';

@Entity('responses')
export class Response extends ResponseRecord<Response> {
  static draft(draft: Draft, by: string, now: Date): Response {
    const response = new Response().change({
      ...draft,
      id: newId(),
      status: RESPONSE_STATES.initial,
      revision: 1,
      contentHash: contentHash(draft),
      respondedBy: by,
      editors: [by],
      isSelfApproved: false,
      ...knowing({ conversation: [], customerMessages: 0, answers: [] }),
    });
    response.tellDrafted(by, now);
    return response;
  }

  /** A new text is a new revision, and whatever was approved before is void. The same text again changes nothing. */
  edit(message: string, by: string, now: Date): void {
    if (this.status === 'pending_approval') throw new UnderApproval(this.id);
    if (!EDITABLE.includes(this.status)) throw this.refusal('draft');
    if (message === this.message) return;
    if (this.status !== 'draft') this.enter('draft', { ...NO_APPROVAL, submittedBy: null, submittedAt: null });
    this.revise(message, null);
    this.change({ editors: [...new Set([...this.editors, by])], failureReason: null, macroId: null });
    this.tellDrafted(by, now);
  }

  /** As it is submitted, the text says what it quotes. That is a text of its own, which approvals bind to. */
  quote(template: string, message: string, by: string, now: Date): void {
    this.openForSubmission();
    this.revise(message, template);
    this.raise(ResponseDrafted({ ...this.told, authorId: by }));
    this.step('quoted', by, now);
  }

  submit(by: string, now: Date): void {
    this.enter('pending_approval', { submittedBy: by, submittedAt: now, approvalNotes: null });
    this.raise(ResponseSubmitted({ ...this.told, submittedBy: by }));
    this.step('submitted', by, now);
  }

  /** @throws RecallDenied for anybody but its author and whoever submitted it */
  recall(by: string, now: Date): void {
    if (this.status !== 'pending_approval') throw this.refusal('draft');
    if (!mayRecall({ id: by }, this)) throw new RecallDenied(this.id);
    this.enter('draft', { submittedBy: null, submittedAt: null });
    this.raise(ResponseRecalled({ ...this.told, recalledBy: by }));
    this.step('recalled', by, now);
  }

  /** `sendAt`: when it goes out by itself, after the time to undo; null when a person sends it. */
  approve(by: string, notes: string | null, known: Known, sendAt: Date | null, now: Date): void {
    if (this.status !== 'pending_approval') throw this.refusal('approved');
    this.enter('approved', {
      approvedBy: by,
      approvedAt: now,
      approvedHash: this.contentHash,
      isSelfApproved: this.writers.includes(by),
      approvalNotes: notes,
      sendAt,
      ...knowing(known),
    });
    this.raise(ResponseApproved({ ...this.told, approvedBy: by, sendAt: sendAt?.toISOString() ?? null }));
    this.step('approved', by, now, notes);
  }

  /** A rule lets it go out without approval. */
  waive(rule: string, known: Known, sendAt: Date | null, by: string, now: Date): void {
    if (this.status !== 'draft') throw this.refusal('approved');
    const submission = { submittedBy: by, submittedAt: now, approvalNotes: null };
    const waiver = { approvedAt: now, approvedHash: this.contentHash, waivedByRule: rule };
    this.enter('approved', { ...submission, ...waiver, ...knowing(known), sendAt });
    this.raise(ResponseApprovalWaived({ ...this.told, rule, submittedBy: by, sendAt: sendAt?.toISOString() ?? null }));
    this.step('waived', by, now, rule);
  }

  reject(by: string, notes: string, now: Date): void {
    this.enter('rejected', { approvalNotes: notes });
    this.raise(ResponseRejected({ ...this.told, rejectedBy: by, notes }));
    this.step('rejected', by, now, notes);
  }

  /** Once more replaces the time that was chosen before. */
  schedule(sendAt: Date, by: string, now: Date): void {
    const ahead = sendAt.getTime() - now.getTime();
    if (this.status === 'scheduled') this.enter('approved');
    this.enter('scheduled', { sendAt });
    if (!(ahead > 0 && ahead <= LONGEST_SCHEDULE_MS)) throw new SendAtOutOfRange();
    this.raise(ResponseScheduled({ ...this.told, sendAt: sendAt.toISOString() }));
    this.step('scheduled', by, now, sendAt.toISOString());
  }

  /** Takes back a sending that has not begun: the response stays approved, and a person sends it. */
  cancel(by: string, now: Date): void {
    if (this.status === 'scheduled') return this.unschedule(by, now);
    if (this.status !== 'approved') throw this.refusal('approved');
    if (!this.sendAt) throw new NothingToCancel(this.id);
    this.change({ sendAt: null });
    this.step('cancelled', by, now);
  }

  unschedule(by: string, now: Date): void {
    if (this.status !== 'scheduled') throw this.refusal('approved');
    this.enter('approved');
    this.step('cancelled', by, now);
  }

  /** What it is held for counts as known from here on: releasing it acknowledges exactly that, and not what comes later. */
  hold(reason: HoldReason, known: Known, by: string, now: Date): void {
    if (this.status === 'scheduled') this.enter('approved');
    this.enter('held', { holdReason: reason, ...knowing(known) });
    this.raise(ResponseHeld({ ...this.told, reason }));
    this.step('held', by, now, reason);
  }

  /** Nobody approved what it would say now. It is submitted anew, or edited. */
  holdStale(facts: readonly StaleFact[], by: string, now: Date): void {
    if (this.status === 'scheduled') this.enter('approved');
    const reason = 'facts_changed';
    this.enter('held', { holdReason: reason, staleFacts: facts, ...NO_APPROVAL });
    this.raise(ResponseHeld({ ...this.told, reason }));
    this.step(
      'held',
      by,
      now,
      [reason, ...facts.map(({ name, was, is }) => `${name}: ${was} → ${is ?? '–'}`)].join('\n'),
    );
  }

  /** @throws FactsChanged where releasing would not make it true */
  release(by: string, now: Date): void {
    if (this.status !== 'held') throw this.refusal('approved');
    this.assertTrue();
    this.enter('approved');
    this.step('released', by, now);
  }

  beginSending(by: string, now: Date): void {
    this.assertSendable();
    this.enter('sending', { deliveryState: 'queued' });
    this.step('dispatched', by, now);
  }

  retry(by: string, now: Date): void {
    if (this.status !== 'failed') throw this.refusal('sending');
    this.assertAsApproved();
    this.enter('sending', { deliveryState: 'queued' });
    this.step('retried', by, now);
  }

  goesBy(messageId: string, deliveryId: string): void {
    this.change({ messageId, deliveryId });
  }

  /** Also after a failure: a message that was thought lost may have been sent by hand. */
  markSent(messageId: string, sentAt: Date, by: string, now: Date): void {
    if (this.status === 'failed') this.enter('sending');
    this.enter('sent', { messageId, sentAt });
    this.raise(ResponseSent({ ...this.told, messageId, sentAt: sentAt.toISOString() }));
    this.step('sent', by, now);
  }

  markFailed(reason: string, by: string, now: Date): void {
    this.enter('failed', { failureReason: reason });
    this.raise(ResponseFailed({ ...this.told, reason }));
    this.step('failed', by, now, reason);
  }

  markUnknown(reason: string, by: string, now: Date): void {
    if (this.status !== 'sending') return;
    this.change({ deliveryState: 'unknown' });
    this.step('delivery_unknown', by, now, reason);
  }

  discard(by: string, now: Date): void {
    this.enter('discarded');
    this.raise(ResponseDiscarded({ ...this.told, discardedBy: by }));
    this.step('discarded', by, now);
  }

  /** What is held for stale facts is a draft again. @throws InvalidTransition */
  openForSubmission(): void {
    if (this.staleFacts) this.enter('draft', { submittedBy: null, submittedAt: null });
    RESPONSE_STATES.assert(this.status, 'pending_approval');
  }

  /** @throws InvalidTransition when no decision on this text was ever asked for */
  assertDecidable(to: 'approved' | 'rejected'): void {
    if (this.status === 'draft' || this.status === 'discarded') throw this.refusal(to);
  }

  /** @throws InvalidTransition; ContentChanged when the text is not the one that was approved */
  assertSendable(): void {
    this.assertTrue();
    if (this.status !== 'approved' && this.status !== 'scheduled') throw this.refusal('sending');
    this.assertAsApproved();
  }

  /** Whether this is still the sending that was planned. */
  isDue(revision: number, sendAt: string): boolean {
    const isPlanned = this.status === 'approved' || this.status === 'scheduled';
    return isPlanned && this.revision === revision && this.sendAt?.toISOString() === sendAt;
  }

  /** What a person must see before it goes out: something that nobody knew when it was approved. */
  reasonToHold(now: Known): HoldReason | undefined {
    return whatIsNew(this, now);
  }

  /** Who may not approve it. */
  get writers(): string[] {
    return writersOf(this);
  }

  /** A time to send, a hold, a failure and a doubt about delivery belong to the state that they were said of. */
  private enter(status: ResponseStatus, along: Partial<Response> = {}): void {
    RESPONSE_STATES.assert(this.status, status);
    const said = { sendAt: null, holdReason: null, staleFacts: null, failureReason: null, deliveryState: null };
    this.change({ status, ...said, ...along });
  }

  private revise(message: string, template: string | null): void {
    const hash = contentHash({ inquiryId: this.inquiryId, message });
    this.change({
      message,
      template,
      revision: this.revision + 1,
      contentHash: hash,
      messageId: null,
      deliveryId: null,
    });
  }

  private assertAsApproved(): void {
    if (this.approvedHash !== this.contentHash || this.contentHash !== contentHash(this))
      throw new ContentChanged(this.id);
  }

  private refusal(to: ResponseStatus): InvalidTransition {
    return new InvalidTransition('response', this.status, to, RESPONSE_STATES.transitions[this.status]);
  }

  private tellDrafted(by: string, now: Date): void {
    this.raise(ResponseDrafted({ ...this.told, authorId: by }));
    this.step(this.revision === 1 ? 'drafted' : 'edited', by, now);
  }

  private get told(): { responseId: string; inquiryId: string; revision: number } {
    return { responseId: this.id, inquiryId: this.inquiryId, revision: this.revision };
  }
}
