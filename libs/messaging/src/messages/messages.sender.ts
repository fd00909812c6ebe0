import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Clock } from '@app/kernel';
import { Database, defineFailpoint, failpoint, Jobs, Metrics } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { MailTransport, type Letter, type Outcome } from '../smtp/mail-transport.js';
import { SuppressionsService } from '../suppressions/suppressions.service.js';
import { Message } from './message.entity.js';
import { LeaseLost } from './message.errors.js';
import { nextAttemptAt } from './message.policy.js';
import { Deliver, SettleLease } from './messages.jobs.js';

/** Beyond the longest call: an attempt whose lease has run out is over, whatever became of its process. */
export const LEASE_SECONDS = 150;
const KEEPING_TRIES = 5;

const leased = defineFailpoint('messaging.leased', 'The attempt has its lease; the mail server has not been called.');
const begun = defineFailpoint('messaging.begun', 'The call is recorded as begun; not a byte of the text has left.');
const answered = defineFailpoint('messaging.answered', 'The mail server has answered; its answer is not kept.');
const kept = defineFailpoint('messaging.kept', 'The answer is kept; the delivery of the job is not settled.');

type Attempt = { id: string; fence: string; letter: Letter };

/** One attempt to send: lease, call, answer, each committed by itself and the call outside any transaction. */
@Injectable()
export class MessageSender {
  private readonly log = new Logger('messaging');

  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
    private readonly suppressions: SuppressionsService,
    private readonly transport: MailTransport,
    private readonly metrics: Metrics,
  ) {}

  async deliver(id: string, due: string): Promise<void> {
    const attempt = await this.take(id, due);
    if (!attempt) return;
    failpoint(leased);
    try {
      const outcome = await this.transport.send(attempt.letter, () => this.begin(attempt));
      failpoint(answered);
      await this.keep(attempt, outcome);
      failpoint(kept);
    } catch (error) {
      if (!(error instanceof LeaseLost)) throw error;
      this.log.warn({ message: id, error: error.message });
    }
  }

  /** Ends an attempt that did not end by itself; does nothing when it did. */
  async settleLease(id: string, fence: string): Promise<void> {
    await this.db.transaction(async () => {
      const message = await this.db.lock(Message, id);
      if (message.state !== 'sending' || message.fence !== fence) return;
      message.expire(fence, nextAttemptAt(message.attempts, this.clock.now(), Math.random()));
      await this.store(message);
    });
  }

  private take(id: string, due: string): Promise<Attempt | undefined> {
    return this.db.transaction(async () => {
      const message = await this.db.lock(Message, id);
      if (!message.isDue(due)) return undefined;
      const fence = randomUUID();
      const now = this.clock.now();
      const until = new Date(now.getTime() + LEASE_SECONDS * 1000);
      message.lease(fence, until, await this.suppressions.against(message, now), now);
      if (message.state !== 'sending') {
        await this.store(message);
        return undefined;
      }
      await this.jobs.enqueue(SettleLease, { messageId: id, fence }, until);
      await this.db.save(message);
      return { id, fence, letter: letterOf(message) };
    });
  }

  private async begin({ id, fence }: Attempt): Promise<void> {
    await this.db.change(Message, id, undefined, (message) => message.beginCall(fence, this.clock.now()));
    failpoint(begun);
  }

  /** A known answer is worth some patience: lost, it would leave the message unknown. */
  private async keep(attempt: Attempt, outcome: Outcome): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.settle(attempt, outcome);
      } catch (error) {
        if (error instanceof LeaseLost || tries >= KEEPING_TRIES) throw error;
        await wait(250 * 2 ** tries);
      }
    }
  }

  private async settle({ id, fence }: Attempt, outcome: Outcome): Promise<void> {
    const now = this.clock.now();
    await this.db.transaction(async () => {
      const message = await this.db.lock(Message, id);
      if (outcome.kind === 'ambiguous') message.doubt(fence, outcome.reason);
      else {
        message.settle(fence, outcome.answer, now, nextAttemptAt(message.attempts, now, Math.random()));
        for (const address of outcome.bounced)
          await this.suppressions.suppress({ address, reason: 'hard_bounce', note: outcome.answer.response });
      }
      await this.store(message);
    });
  }

  private async store(message: Message): Promise<void> {
    const { id, state, notBefore } = await this.db.save(message);
    if (state === 'queued')
      await this.jobs.enqueue(Deliver, { messageId: id, due: notBefore.toISOString() }, notBefore);
    this.db.afterCommit(() =>
      this.metrics.effects.inc({ effect: 'mail', outcome: state === 'queued' ? 'deferred' : state }),
    );
  }
}

function letterOf(message: Message): Letter {
  const { sender: from, recipients, refs: references, ...rest } = message;
  return { ...rest, ...recipients, from, references, envelope: message.envelope };
}
