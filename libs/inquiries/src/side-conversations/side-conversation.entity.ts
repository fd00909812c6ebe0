import { Aggregate, newId } from '@app/kernel';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  SideConversationAnswered,
  SideConversationClosed as Closed,
  SideConversationReopened,
  SideConversationStarted,
  SideConversationWritten,
} from '../events.js';
import { isNarrower, type Visibility } from '../visibility/visibility.policy.js';
import { SideConversationClosed } from './side-conversation.errors.js';
import { type Recipient, SIDE_STATES, type SideState } from './side-conversation.policy.js';

export type NewSideConversation = {
  readonly inquiryId: string;
  readonly subject: string;
  readonly recipients: readonly Recipient[];
};

type Answered = { readonly at: Date; readonly visibility: Visibility; readonly isAutomatic: boolean };

/** What staff writes about an inquiry with somebody who is not its customer. The inquiry does not notice. */
@Entity('side_conversations')
export class SideConversation extends Aggregate<SideConversation> {
  @PrimaryColumn('uuid') readonly tenantId: string;
  @PrimaryColumn('uuid') readonly id: string;
  @Column('uuid') readonly inquiryId: string;
  @Column('text') readonly subject: string;
  @Column('jsonb') readonly recipients: readonly Recipient[];
  @Column('text') readonly state: SideState;
  /** As narrow as the narrowest of the mailboxes that its answers came in by. */
  @Column('text') readonly visibility: Visibility;
  @Column('int') readonly messageCount: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly lastMessageAt: Date;
  @Column('uuid') readonly startedBy: string;
  @Column('int') readonly version: number;
  @Column({ type: 'timestamptz', precision: 3 }) readonly createdAt: Date;
  @Column({ type: 'timestamptz', precision: 3 }) readonly updatedAt: Date;

  /** Its first message is about to be written. */
  static start(given: NewSideConversation, startedBy: string, now: Date): SideConversation {
    const begun = { state: SIDE_STATES.initial, visibility: 'all', messageCount: 1, lastMessageAt: now } as const;
    const conversation = new SideConversation().change({ ...given, ...begun, id: newId(), startedBy });
    conversation.raise(SideConversationStarted({ ...conversation.told, startedBy }));
    return conversation;
  }

  /** Answers which message it is. @throws SideConversationClosed */
  write(authorId: string, now: Date): number {
    if (this.state === 'closed') throw new SideConversationClosed(this.id);
    const messageSeq = this.count(now);
    this.raise(SideConversationWritten({ ...this.told, messageSeq, authorId }));
    return messageSeq;
  }

  /** What a machine wrote stands quietly in it. Answers which message it is. */
  receive({ at, visibility, isAutomatic }: Answered): number {
    const messageSeq = this.count(at);
    if (isNarrower(visibility, this.visibility)) this.change({ visibility });
    if (isAutomatic) return messageSeq;
    this.raise(SideConversationAnswered({ ...this.told, messageSeq }));
    if (this.state === 'closed') this.reopen('answer');
    return messageSeq;
  }

  close(): void {
    this.enter('closed');
    this.raise(Closed(this.told));
  }

  reopen(by: 'answer' | 'staff'): void {
    this.enter('open');
    this.raise(SideConversationReopened({ ...this.told, by }));
  }

  private enter(state: SideState): void {
    SIDE_STATES.assert(this.state, state);
    this.change({ state });
  }

  private count(at: Date): number {
    const lastMessageAt = at > this.lastMessageAt ? at : this.lastMessageAt;
    this.change({ messageCount: this.messageCount + 1, lastMessageAt });
    return this.messageCount;
  }

  private get told(): { inquiryId: string; sideConversationId: string } {
    return { inquiryId: this.inquiryId, sideConversationId: this.id };
  }
}
