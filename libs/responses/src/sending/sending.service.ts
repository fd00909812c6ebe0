import { InquiriesFacade, type Thread } from '@app/inquiries';
import { InvalidMail, Messaging } from '@app/messaging';
import { currentTenantId, Database, defineFailpoint, failpoint, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponseRecords, type Seen, type Verb } from '../responses/response-records.js';
import type { Response } from '../responses/response.entity.js';
import { type Known, ResponsePermissions } from '../responses/response.policy.js';
import { answerMail } from './answer-mail.js';
import { SendResponse } from './sending.jobs.js';

const queuedPoint = defineFailpoint(
  'responses.mail-queued',
  'The mail and the state are written, nothing is committed.',
);

/** From approved to on its way: now, later, held back, or not at all. */
@Injectable()
export class SendingService {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly records: ResponseRecords,
    private readonly inquiries: InquiriesFacade,
    private readonly messaging: Messaging,
  ) {}

  schedule(id: string, seen: Seen, sendAt: Date): Promise<Response> {
    return this.records.changeSeen(id, seen, ResponsePermissions.read, async (response, now, by) => {
      response.schedule(sendAt, by, now);
      await this.plan(response);
    });
  }

  cancel(id: string, seen: Seen): Promise<Response> {
    return this.change(id, seen, (response, now, by) => response.cancel(by, now));
  }

  unschedule(id: string, seen: Seen): Promise<Response> {
    return this.change(id, seen, (response, now, by) => response.unschedule(by, now));
  }

  /** Now, whatever is left of the time to undo. Answers `held` when something happened that must be seen first. */
  send(id: string, seen: Seen): Promise<Response> {
    return this.records.changeSeen(id, seen, ResponsePermissions.read, (response, now, by) =>
      this.dispatch(response, now, by),
    );
  }

  /** Acknowledges what it was held for, and sends. What came later holds it again. */
  release(id: string, seen: Seen): Promise<Response> {
    return this.records.changeSeen(id, seen, ResponsePermissions.read, async (response, now, by) => {
      response.release(by, now);
      await this.dispatch(response, now, by);
    });
  }

  /** The same revision under the same Message-ID: whoever got it the first time gets nothing new. */
  retry(id: string, seen: Seen): Promise<Response> {
    return this.change(id, seen, async (response, now, by) => {
      response.retry(by, now);
      if (response.deliveryId) await this.messaging.retry(response.deliveryId);
      else await this.handOver(response, now, by);
    });
  }

  /** When the time to undo is over, or the scheduled time has come. */
  sendDue(id: string, revision: number, sendAt: string): Promise<void> {
    return this.records.follow(id, async (response, now, by) => {
      if (response.isDue(revision, sendAt)) await this.dispatch(response, now, by);
    });
  }

  async plan({ id, revision, sendAt }: Response): Promise<void> {
    if (sendAt)
      await this.jobs.enqueue(SendResponse, { responseId: id, revision, sendAt: sendAt.toISOString() }, sendAt);
  }

  /** What is known of the inquiry at this moment. */
  async knownOf({ id, inquiryId }: Response): Promise<Known> {
    const customerMessages = await this.inquiries.customerMessagesIn(inquiryId);
    const conversation = await this.inquiries.conversationOf(inquiryId);
    const others = await this.db.query<{ id: string }>(
      `select id from responses where tenant_id = $1 and inquiry_id = any ($2::uuid[]) and id <> $3 and status in ('sending', 'sent') order by id`,
      [currentTenantId(), conversation, id],
    );
    return { conversation, customerMessages, answers: others.map((other) => other.id) };
  }

  private async dispatch(response: Response, now: Date, by: string): Promise<void> {
    response.assertSendable();
    await this.queueUp(response.inquiryId);
    const known = await this.knownOf(response);
    const reason = response.reasonToHold(known);
    if (reason) return response.hold(reason, known, by, now);
    response.beginSending(by, now);
    await this.handOver(response, now, by);
  }

  /**
   * Of two answers to one inquiry that go out at once, also where one is to what was merged into it, the second waits here
   * until the first is committed, and then sees it.
   */
  private async queueUp(inquiryId: string): Promise<void> {
    const [home = inquiryId] = await this.inquiries.conversationOf(inquiryId);
    await this.db.query(
      "select pg_advisory_xact_lock(hashtextextended('responses of ' || $1::text || ' ' || $2::text, 0))",
      [currentTenantId(), home],
    );
  }

  private async handOver(response: Response, now: Date, by: string): Promise<void> {
    const thread = await this.inquiries.threadOf(response.inquiryId);
    if (!thread.to) return response.markFailed('The customer has no e-mail address', by, now);
    try {
      const mail = answerMail(response, { ...thread, to: thread.to }, this.messageIdOf(response, thread));
      const queued = await this.messaging.send(mail);
      await this.inquiries.expectReplies(response.inquiryId, queued.messageId);
      response.goesBy(queued.messageId, queued.id);
      failpoint(queuedPoint);
    } catch (error) {
      if (!(error instanceof InvalidMail)) throw error;
      response.markFailed(error.message, by, now);
    }
  }

  /** On the domain it is sent from; messaging mints one for what goes out under the installation's own address. */
  private messageIdOf({ id: responseId, revision }: Response, { mailboxAddress }: Thread): string | undefined {
    const domain = mailboxAddress?.address.split('@').at(-1);
    return domain && this.inquiries.messageIdOf({ responseId, revision, domain });
  }

  private change(id: string, seen: Seen, verb: Verb): Promise<Response> {
    return this.records.change(id, seen, ResponsePermissions.read, verb);
  }
}
