import { InquiriesFacade, type Thread } from '@app/inquiries';
import { InvalidMail, Messaging } from '@app/messaging';
import { defineFailpoint, failpoint, Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponseRecords, type Seen, type Verb } from '../responses/response-records.js';
import type { Response } from '../responses/response.entity.js';
import { FactsChanged, InquiryWithdrawn } from '../responses/response.errors.js';
import { type Known, ResponsePermissions } from '../responses/response.policy.js';
import { answerMail } from './answer-mail.js';
import { SendingGuard } from './sending-guard.js';
import { SendResponse } from './sending.jobs.js';

const queuedPoint = defineFailpoint(
  'responses.mail-queued',
  'The mail and the state are written, nothing is committed.',
);

/** From approved to on its way: now, later, held back, or not at all. */
@Injectable()
export class SendingService {
  constructor(
    private readonly jobs: Jobs,
    private readonly records: ResponseRecords,
    private readonly inquiries: InquiriesFacade,
    private readonly messaging: Messaging,
    private readonly guard: SendingGuard,
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

  /**
   * Now, whatever is left of the time to undo. Answers `held` when something happened that must be seen first.
   * @throws FactsChanged once it is held for what it quotes
   */
  async send(id: string, seen: Seen): Promise<Response> {
    const sent = await this.records.changeSeen(id, seen, ResponsePermissions.read, (response, now, by) =>
      this.dispatch(response, now, by),
    );
    sent.assertTrue(); // held and committed first, then refused
    return sent;
  }

  /** Acknowledges what it was held for, and sends. What came later holds it again. @throws FactsChanged */
  async release(id: string, seen: Seen): Promise<Response> {
    const released = await this.records.changeSeen(id, seen, ResponsePermissions.read, async (response, now, by) => {
      response.release(by, now);
      await this.dispatch(response, now, by);
    });
    released.assertTrue();
    return released;
  }

  /**
   * The same revision under the same Message-ID: whoever got it the first time gets nothing new.
   * @throws FactsChanged, InquiryWithdrawn
   */
  retry(id: string, seen: Seen): Promise<Response> {
    return this.change(id, seen, async (response, now, by) => {
      response.retry(by, now);
      if (await this.guard.isWithdrawn(response)) throw new InquiryWithdrawn(id);
      const stale = await this.guard.staleIn(response);
      if (stale.length) throw new FactsChanged(id, stale);
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

  knownOf(response: Response): Promise<Known> {
    return this.guard.knownOf(response);
  }

  private async dispatch(response: Response, now: Date, by: string): Promise<void> {
    response.assertSendable();
    await this.guard.queueUp(response.inquiryId);
    const stale = await this.guard.staleIn(response);
    if (stale.length) return response.holdStale(stale, by, now);
    const known = await this.knownOf(response);
    const isWithdrawn = await this.guard.isWithdrawn(response);
    const reason = isWithdrawn ? 'inquiry_withdrawn' : response.reasonToHold(known);
    if (reason) return response.hold(reason, known, by, now);
    response.beginSending(by, now);
    await this.handOver(response, now, by);
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
