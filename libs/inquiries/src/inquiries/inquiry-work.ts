import { Clock, type Permission } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryClocks } from '../sla/inquiry-clocks.service.js';
import { Inquiry } from './inquiry.entity.js';
import { InquiryReach } from './inquiry.reach.js';

type Verb = (inquiry: Inquiry, now: Date) => unknown;
type Right = { readonly permission: Permission; readonly version?: number; readonly isTrashed?: boolean };

/** One piece of work on one inquiry: may I, hold it, do it, let its clocks follow, write it. */
@Injectable()
export class InquiryWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: InquiryReach,
    private readonly clocks: InquiryClocks,
  ) {}

  /** As whoever acts. @throws RecordNotFound, OutOfReach, VersionConflict */
  async do(id: string, { permission, version, isTrashed }: Right, verb: Verb): Promise<Inquiry> {
    await this.reach.assert(id, permission, undefined, isTrashed);
    return this.doInside(id, version, verb);
  }

  /** Where who may was asked before, or a machine acts. */
  doInside(id: string, version: number | undefined, verb: Verb): Promise<Inquiry> {
    return this.db.transaction(async () => {
      const inquiry = await this.db.lock(Inquiry, id, version);
      const now = this.clock.now();
      const before = standingOf(inquiry);
      await verb(inquiry, now);
      if (standingOf(inquiry) !== before) await this.clocks.follow(inquiry, now);
      return this.db.save(inquiry);
    });
  }
}

/** All that clocks look at; to them a new inquiry is an open one. */
function standingOf(inquiry: Inquiry): string {
  const { status, statusBeforeSpam, firstRespondedAt, awaitsAnswerSince, deletedAt, priority, category, teamId } =
    inquiry;
  const phase = status === 'new' ? 'open' : status;
  return JSON.stringify([
    phase,
    statusBeforeSpam,
    firstRespondedAt,
    awaitsAnswerSince,
    deletedAt,
    priority,
    category,
    teamId,
  ]);
}
