import { Aggregate, InvalidTransition } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { type About, MessageFailed, MessageSent, MessageSuppressed, MessageUnknown } from '../events.js';
import { type MailAddress, normaliseAddress } from './mail-address.js';
import { LeaseLost } from './message.errors.js';
import { MESSAGE_STATES, type MessageState } from './message.policy.js';
import type { OutgoingMail, Purpose } from './outgoing-mail.js';

export type Recipients = { readonly to: readonly MailAddress[]; readonly cc: readonly MailAddress[] };

/** What became of one recipient, by normalised address. */
export type Receipt = {
  readonly address: string;
  readonly outcome: 'accepted' | 'refused' | 'suppressed';
  readonly response: string;
};

/** What the server said of each recipient it was asked for. */
export type Answer = {
  readonly accepted: readonly string[];
  readonly refused: readonly { readonly address: string; readonly isPermanent: boolean; readonly response: string }[];
  readonly response: string;
};

type Envelope = { id: string; messageId: string; sender: MailAddress };

@Entity('messages')
export class Message extends Aggregate<Message> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('text') readonly channel: 'email';
  @Column('text') readonly purpose: Purpose;
  @Column('jsonb') readonly sender: MailAddress;
  @Column('jsonb') readonly recipients: Recipients;
  @Column({ type: 'jsonb', nullable: true }) readonly replyTo: MailAddress | null;
  @Column('text') readonly subject: string;
  @Column('text') readonly text: string;
  @Column({ type: 'text', nullable: true }) readonly html: string | null;
  @Column('text') readonly messageId: string;
  @Column({ type: 'text', nullable: true }) readonly inReplyTo: string | null;
  @Column({ type: 'text', array: true }) readonly refs: string[];
  @Column({ type: 'text', nullable: true }) readonly unsubscribeUrl: string | null;
  @Column('boolean') readonly isAutoSubmitted: boolean;
  /** Whom it answers, when no person wrote it; normalised. */
  @Column({ type: 'text', nullable: true }) readonly autoReplyTo: string | null;
  @Column('boolean') readonly isConfidential: boolean;
  @Column('text') readonly aboutKind: string;
  @Column('uuid') readonly aboutId: string;
  @Column({ type: 'int', nullable: true }) readonly aboutRevision: number | null;
  @Column('text') readonly state: MessageState;
  @Column('int') readonly attempts: number;
  @Column({ type: 'uuid', nullable: true }) readonly fence: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly leaseUntil: Date | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly callStartedAt: Date | null;
  @Column({ type: 'timestamptz', precision: 3 }) readonly notBefore: Date;
  @Column('jsonb') readonly receipts: readonly Receipt[];
  @Column({ type: 'text', nullable: true }) readonly providerResponse: string | null;
  @Column({ type: 'text', nullable: true }) readonly lastError: string | null;
  @Column({ type: 'timestamptz', precision: 3, nullable: true }) readonly sentAt: Date | null;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  static queue(mail: OutgoingMail, { id, messageId, sender }: Envelope, now: Date): Message {
    return new Message().change({
      id,
      channel: 'email',
      purpose: mail.purpose,
      sender,
      recipients: { to: mail.to, cc: mail.cc ?? [] },
      replyTo: mail.replyTo ?? null,
      subject: mail.subject,
      text: mail.text,
      html: mail.html ?? null,
      messageId,
      inReplyTo: mail.inReplyTo ?? null,
      refs: [...(mail.references ?? [])],
      unsubscribeUrl: mail.unsubscribeUrl ?? null,
      isAutoSubmitted: mail.autoSubmitted ?? false,
      autoReplyTo: autoReplyTo(mail),
      isConfidential: mail.confidential ?? false,
      aboutKind: mail.about.kind,
      aboutId: mail.about.id,
      aboutRevision: mail.about.revision ?? null,
      state: 'queued',
      attempts: 0,
      notBefore: mail.notBefore && mail.notBefore > now ? mail.notBefore : now,
      receipts: [],
    });
  }

  cancel(): void {
    this.enter('cancelled', this.isConfidential ? FORGOTTEN : {});
    if (!this.isAccepted) this.raise(MessageFailed({ ...this.told, reason: 'It was cancelled', permanent: true }));
  }

  /** Takes the message for one attempt. Who is suppressed gets none; nothing is sent when that leaves nobody in `to`. */
  lease(fence: string, until: Date, suppressed: readonly string[], now: Date): void {
    const skipped = this.pending.filter((address) => suppressed.includes(address));
    const receipts = [...this.receipts, ...skipped.map((address) => receipt(address, 'suppressed', ''))];
    const left = this.pending.filter((address) => !skipped.includes(address));
    const reachesTo = this.recipients.to.some(({ address }) => left.includes(normaliseAddress(address)));
    if (left.length && (reachesTo || this.isAccepted)) {
      this.enter('sending', { fence, leaseUntil: until, callStartedAt: null, attempts: this.attempts + 1, receipts });
      return;
    }
    this.change({ receipts });
    if (this.isAccepted) return this.conclude(now);
    this.enter('suppressed');
    this.raise(MessageSuppressed({ ...this.told, recipients: this.addressesThat('suppressed') }));
  }

  /** Said and committed before the first byte of the text leaves. @throws LeaseLost */
  beginCall(fence: string, now: Date): void {
    if (this.state !== 'sending' || this.fence !== fence || this.callStartedAt) throw new LeaseLost(this.id);
    this.change({ callStartedAt: now });
  }

  /** `retryAt`: when those refused for now are asked again; undefined when they are not. @throws LeaseLost */
  settle(fence: string, answer: Answer, now: Date, retryAt: Date | undefined): void {
    this.assertHeld(fence);
    const deferred = answer.refused.filter(({ isPermanent }) => !isPermanent);
    const final = retryAt ? answer.refused.filter(({ isPermanent }) => isPermanent) : answer.refused;
    this.change({
      receipts: [
        ...this.receipts,
        ...answer.accepted.map((address) => receipt(address, 'accepted', answer.response)),
        ...final.map(({ address, response }) => receipt(address, 'refused', response)),
      ],
      providerResponse: answer.response,
      lastError: answer.refused.at(-1)?.response ?? null,
    });
    if (retryAt && deferred.length) this.enter('queued', { ...RELEASED, notBefore: retryAt });
    else if (this.isAccepted) this.conclude(now);
    else this.fail(answer.response, deferred.length === 0);
  }

  /** No answer came to what was handed over. @throws LeaseLost */
  doubt(fence: string, reason: string): void {
    this.assertHeld(fence);
    if (this.state === 'unknown') return;
    // the fence stays: should the answer come late after all, it still counts
    this.enter('unknown', { leaseUntil: null, lastError: reason });
    this.raise(MessageUnknown({ ...this.told, reason }));
  }

  /** The lease of an attempt ran out: its process died or hangs. @throws nothing when the attempt has ended by itself */
  expire(fence: string, retryAt: Date | undefined): void {
    if (this.state !== 'sending' || this.fence !== fence) return;
    if (this.callStartedAt) return this.doubt(fence, 'The process that sent it ended before the answer was kept');
    if (retryAt)
      this.enter('queued', {
        ...RELEASED,
        notBefore: retryAt,
        lastError: 'The process that took it ended before it was sent',
      });
    else this.fail('It was taken as often as it may be and never sent', false);
  }

  /** A person's decision to send it (again), under the same Message-ID. */
  retry(now: Date): void {
    this.assertDecidable('queued', ['failed', 'unknown', 'suppressed']);
    const receipts = this.receipts.filter(({ outcome }) => outcome === 'accepted');
    this.enter('queued', { ...RELEASED, notBefore: now, attempts: 0, receipts, lastError: null });
  }

  /** A person found out what became of it. */
  resolve(outcome: 'sent' | 'failed'): void {
    this.assertDecidable(outcome, ['unknown']);
    if (outcome === 'failed') return this.fail('It did not arrive, a person found', true);
    const receipts = this.pending.map((address) => receipt(address, 'accepted', 'A person found that it arrived'));
    this.change({ receipts: [...this.receipts, ...receipts] });
    this.conclude(this.callStartedAt ?? this.notBefore);
  }

  get about(): About {
    return {
      kind: this.aboutKind,
      id: this.aboutId,
      ...(this.aboutRevision !== null && { revision: this.aboutRevision }),
    };
  }

  isFor({ kind, id, revision }: About): boolean {
    return this.aboutKind === kind && this.aboutId === id.toLowerCase() && this.aboutRevision === (revision ?? null);
  }

  /** Normalised addresses that have no receipt yet. */
  get pending(): string[] {
    const settled = new Set(this.receipts.map(({ address }) => address));
    const all = [...this.recipients.to, ...this.recipients.cc].map(({ address }) => normaliseAddress(address));
    return [...new Set(all)].filter((address) => !settled.has(address));
  }

  /** Whom the next attempt is for, as they were given. */
  get envelope(): string[] {
    const pending = new Set(this.pending);
    const given = [...this.recipients.to, ...this.recipients.cc].map(({ address }) => address);
    // taken out of the set as it is found: who stands in `to` and in `cc` gets one
    return given.filter((address) => pending.delete(normaliseAddress(address)));
  }

  isDue(due: string): boolean {
    return this.state === 'queued' && this.notBefore.toISOString() === due;
  }

  private get isAccepted(): boolean {
    return this.receipts.some(({ outcome }) => outcome === 'accepted');
  }

  private get told(): { messageId: string; smtpMessageId: string; about: About } {
    return { messageId: this.id, smtpMessageId: this.messageId, about: this.about };
  }

  private addressesThat(outcome: Receipt['outcome']): string[] {
    return this.receipts.filter((one) => one.outcome === outcome).map(({ address }) => address);
  }

  private assertHeld(fence: string): void {
    if (this.fence !== fence || (this.state !== 'sending' && this.state !== 'unknown')) throw new LeaseLost(this.id);
  }

  /** What a person may decide is narrower than the machine: an attempt under way is not theirs to end. */
  private assertDecidable(to: MessageState, from: readonly MessageState[]): void {
    if (!from.includes(this.state)) throw new InvalidTransition('message', this.state, to, decisionsIn(this.state));
  }

  private conclude(now: Date): void {
    this.enter('sent', {
      ...RELEASED,
      callStartedAt: this.callStartedAt,
      sentAt: now,
      ...(this.isConfidential && FORGOTTEN),
    });
    this.raise(MessageSent({ ...this.told, sentAt: now.toISOString(), refused: this.addressesThat('refused') }));
  }

  private fail(reason: string, permanent: boolean): void {
    this.enter('failed', { ...RELEASED, lastError: reason });
    this.raise(MessageFailed({ ...this.told, reason, permanent }));
  }

  private enter(state: MessageState, with_: Partial<Message> = {}): void {
    MESSAGE_STATES.assert(this.state, state);
    this.change({ ...with_, state });
  }
}

const RELEASED = { fence: null, leaseUntil: null, callStartedAt: null };
const FORGOTTEN = { text: '', html: null };

const decisionsIn = (state: MessageState): readonly MessageState[] =>
  state === 'sending' ? [] : MESSAGE_STATES.transitions[state];

const autoReplyTo = ({ autoSubmitted, inReplyTo, to }: OutgoingMail): string | null =>
  autoSubmitted && inReplyTo && to[0] ? normaliseAddress(to[0].address) : null;

const receipt = (address: string, outcome: Receipt['outcome'], response: string): Receipt => ({
  address,
  outcome,
  response,
});
