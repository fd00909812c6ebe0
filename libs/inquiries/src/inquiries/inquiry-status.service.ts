import { Jobs } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquirySettingsService } from '../settings/inquiry-settings.service.js';
import { ASK_AFTER_MS, AskSatisfaction } from '../satisfaction/satisfaction.jobs.js';
import { CloseResolved, WakeSnoozed } from './inquiries.jobs.js';
import type { Inquiry } from './inquiry.entity.js';
import { InquiryPermissions, type PlainStatus } from './inquiry.policy.js';
import { InquiryWork } from './inquiry-work.js';

/** Moves inquiries on, as staff decides and as time decides. */
@Injectable()
export class InquiryStatusService {
  constructor(
    private readonly work: InquiryWork,
    private readonly settings: InquirySettingsService,
    private readonly jobs: Jobs,
  ) {}

  async moveTo(id: string, status: PlainStatus, reason?: string, version?: number): Promise<Inquiry> {
    const { closeAfterDays } = await this.settings.current();
    return this.move(id, version, (inquiry, now) => inquiry.moveTo(status, { reason, now, closeAfterDays }));
  }

  hold(id: string, reason: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.hold(reason));
  }

  resume(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.resume());
  }

  async resolve(id: string, version?: number): Promise<Inquiry> {
    const { closeAfterDays } = await this.settings.current();
    return this.move(id, version, (inquiry, now) => inquiry.resolve(now, closeAfterDays));
  }

  close(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry, now) => inquiry.close(now));
  }

  reopen(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.reopen());
  }

  markSpam(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.markSpam());
  }

  restoreFromSpam(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.restoreFromSpam());
  }

  async closeWhenDue(id: string, due: Date): Promise<void> {
    // The job came by the database's clock: a process whose own is some milliseconds behind does not close before its time.
    await this.work.doInside(id, undefined, (inquiry, now) => inquiry.closeWhenDue(due, now > due ? now : due));
  }

  /** On hold until then. Once more moves the time. @throws SnoozeOutOfRange, InvalidTransition */
  snooze(id: string, until: Date, note?: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry, now) => inquiry.snooze(until, note, now));
  }

  wake(id: string, version?: number): Promise<Inquiry> {
    return this.move(id, version, (inquiry) => inquiry.wake('staff'));
  }

  async wakeWhenDue(id: string, due: Date): Promise<void> {
    await this.work.doInside(id, undefined, (inquiry) => inquiry.wakeWhenDue(due));
  }

  /** In the open transaction: what is resolved closes and its customer is asked, and what is snoozed wakes, by itself, whatever way it became so. */
  async planTimers({ id: inquiryId, status, resolvedAt, closesAt, snoozedUntil }: Inquiry): Promise<void> {
    if (status === 'resolved' && closesAt)
      await this.jobs.enqueue(CloseResolved, { inquiryId, due: closesAt.toISOString() }, closesAt);
    if (status === 'resolved' && resolvedAt && (await this.settings.current()).satisfactionUrl)
      await this.jobs.enqueue(
        AskSatisfaction,
        { inquiryId, resolvedAt: resolvedAt.toISOString() },
        new Date(resolvedAt.getTime() + ASK_AFTER_MS),
      );
    if (status === 'on_hold' && snoozedUntil)
      await this.jobs.enqueue(WakeSnoozed, { inquiryId, due: snoozedUntil.toISOString() }, snoozedUntil);
  }

  private move(id: string, version: number | undefined, verb: (inquiry: Inquiry, now: Date) => void): Promise<Inquiry> {
    return this.work.do(id, { permission: InquiryPermissions.update, version }, async (inquiry, now) => {
      verb(inquiry, now);
      await this.planTimers(inquiry);
    });
  }
}
