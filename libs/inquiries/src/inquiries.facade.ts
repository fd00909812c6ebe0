import type { Actor, Permission } from '@app/kernel';
import { MailFacade } from '@app/mail';
import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationQueries } from './conversation/conversation.queries.js';
import { type Answer, ConversationService } from './conversation/conversation.service.js';
import type { Thread } from './conversation/thread.js';
import { InquiryIsMerged, InquiryNotAnswerable } from './inquiries/inquiry.errors.js';
import {
  type Channel,
  type InquiryStatus,
  InquiryPermissions,
  type Priority,
  referenceOf,
} from './inquiries/inquiry.policy.js';
import { InquiryReach, reachWithHome } from './inquiries/inquiry.reach.js';
import { MacrosService } from './macros/macros.service.js';
import { InquiryHomes } from './merging/inquiry-homes.js';
import type { Visibility } from './visibility/visibility.policy.js';
import { conversationOpen, conversationShown, messageShown } from './visibility/words.reach.js';

export type InquiryCard = {
  readonly id: string;
  readonly number: number;
  readonly customerId: string;
  readonly subject: string;
  /** Who may read the subject, as that of its first message. */
  readonly visibility: Visibility;
  readonly status: InquiryStatus;
  readonly priority: Priority;
  readonly category: string | null;
  readonly channel: Channel;
  readonly assignedTo: string | null;
  readonly teamId: string | null;
  /** The inquiry it goes on in, once merged. */
  readonly mergedInto: string | null;
  /** The nearest open deadline. */
  readonly dueAt: Date | null;
  readonly lastCustomerMessageAt: Date;
  readonly customerMessageCount: number;
  readonly version: number;
};

const CARD = `i.id, i.number, i.customer_id as "customerId", i.subject, i.visibility, i.status, i.priority, i.category, i.channel,
  i.assigned_to as "assignedTo", i.team_id as "teamId", i.merged_into as "mergedInto", i.due_at as "dueAt", i.last_customer_message_at as "lastCustomerMessageAt",
  i.customer_message_count as "customerMessageCount", i.version`;

/** What other contexts ask of inquiries. */
@Injectable()
export class InquiriesFacade {
  constructor(
    private readonly db: Database,
    private readonly inquiryReach: InquiryReach,
    private readonly conversation: ConversationService,
    private readonly threads: ConversationQueries,
    private readonly mail: MailFacade,
    private readonly homes: InquiryHomes,
    private readonly macros: MacrosService,
  ) {}

  /** Whoever asks; also of an inquiry in the trash: older records still show what they belong to. */
  card(id: string): Promise<InquiryCard | undefined> {
    return this.db.one<InquiryCard>(`select ${CARD} from inquiries i where i.tenant_id = $1 and i.id = $2`, [
      currentTenantId(),
      id,
    ]);
  }

  cards(ids: readonly string[]): Promise<InquiryCard[]> {
    return this.db.query<InquiryCard>(
      `select ${CARD} from inquiries i where i.tenant_id = $1 and i.id = any ($2::uuid[])`,
      [currentTenantId(), ids],
    );
  }

  /** @throws RecordNotFound when there is none or it is out of the actor's reach */
  assertReadable(actor: Actor, id: string): Promise<void> {
    return this.inquiryReach.assertReadable(id, actor);
  }

  /**
   * That the actor may work on it, reads what is answered, and that it is not over.
   * @throws RecordNotFound, OutOfReach, MessageHidden, InquiryIsMerged, InquiryNotAnswerable
   */
  async assertAnswerable(actor: Actor, id: string): Promise<void> {
    await this.inquiryReach.assert(id, InquiryPermissions.update, actor);
    await this.inquiryReach.assertWhole(id, actor);
    const found = await this.card(id);
    if (found?.mergedInto) throw new InquiryIsMerged(id, found.mergedInto);
    if (found?.status === 'closed' || found?.status === 'spam') throw new InquiryNotAnswerable(found.status);
  }

  /**
   * SQL that holds where the inquiry behind `inquiryId`, a column of the caller's, or what it goes on in, is within reach.
   * Values go into `params`.
   */
  reach(inquiryId: string, actor: Actor, permission: Permission, params: unknown[]): string {
    return reachWithHome(inquiryId, actor, permission, params);
  }

  /** SQL: the actor may read all that was written with the inquiry behind `inquiryId`, a column of the caller's. */
  conversationShown(inquiryId: string, actor: Actor, params: unknown[]): string {
    return conversationShown(inquiryId, actor, params);
  }

  /** The same for a row at a time, and not for a list of all that there are. */
  conversationOpen(inquiryId: string, actor: Actor, params: unknown[]): string {
    return conversationOpen(inquiryId, actor, params);
  }

  /** SQL: the actor may read the answer that left for the response `responseId`; null where none has left. */
  answerShown(responseId: string, actor: Actor, params: unknown[]): string {
    return messageShown(`said.response_id = ${responseId}`, actor, params);
  }

  /**
   * How often the customer has written in it, in what was merged into it, and in what it was merged into: a merge brings
   * what nobody had seen when an answer was approved. What a machine sent, such as an absence notice, does not count.
   */
  customerMessagesIn(id: string): Promise<number> {
    return this.threads.customerMessagesIn(id);
  }

  /** Whether the customer has sent files with it, with what was merged into it, or with what it was merged into. */
  hasFiles(id: string): Promise<boolean> {
    return this.threads.hasFiles(id);
  }

  /** Whether it, or what it goes on in, is spam or in the trash: then nothing is sent to whoever wrote in it. */
  isWithdrawn(id: string): Promise<boolean> {
    return this.homes.isWithdrawn(id);
  }

  /** The ids of what is read and answered as one: where the inquiry goes on comes first, then what was merged into that. */
  conversationOf(id: string): Promise<string[]> {
    return this.homes.conversationOf(id);
  }

  /** What a canned answer says to an inquiry, as whoever acts, and who had a hand in it. @throws RecordNotFound, MacroOutputTooLong */
  fillMacro(macroId: string, inquiryId: string): Promise<{ text: string; writers: readonly string[] }> {
    return this.macros.fill(macroId, inquiryId);
  }

  /** The signed Message-ID that one revision of a response leaves with, the same whenever it is asked for. */
  messageIdOf(of: { responseId: string; revision: number; domain: string }): string {
    return this.mail.messageIdOf(of);
  }

  /** What an answer is addressed and threaded by. @throws RecordNotFound */
  threadOf(id: string): Promise<Thread> {
    return this.threads.threadOf(id);
  }

  /** Before an answer leaves with this Message-ID: what comes back to it finds where the inquiry goes on. @throws RecordNotFound */
  async expectReplies(id: string, messageId: string): Promise<void> {
    const { number } = await this.threads.threadOf(id);
    await this.mail.rememberThread(messageId, await this.homes.homeOf(id), referenceOf(number));
  }

  /** In the open transaction: an answer has left. It stands where the inquiry goes on. The same response again changes nothing. */
  async answered(id: string, answer: Answer): Promise<void> {
    await this.conversation.answered(id, answer);
    await this.mail.rememberThread(answer.messageId, await this.homes.homeOf(id));
  }
}
