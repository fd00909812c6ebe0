import { Clock, type Permission } from '@app/kernel';
import { currentTenantId, Database, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { DistributionCalls, handsOf } from '../distribution/distribution-calls.js';
import { InquiryClocks } from '../sla/inquiry-clocks.service.js';
import { Inquiry } from './inquiry.entity.js';
import { InquiryReach } from './inquiry.reach.js';

type Verb = (inquiry: Inquiry, now: Date) => unknown;
type Right = { readonly permission: Permission; readonly version?: number; readonly isTrashed?: boolean };

/** One piece of work on one inquiry: may I, hold it, do it, let its clocks and its team follow, write it. */
@Injectable()
export class InquiryWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: InquiryReach,
    private readonly clocks: InquiryClocks,
    private readonly calls: DistributionCalls,
  ) {}

  /** As whoever acts. @throws RecordNotFound, OutOfReach, VersionConflict */
  async do(id: string, { permission, version, isTrashed = false }: Right, verb: Verb): Promise<Inquiry> {
    await this.reach.assert(id, permission, undefined, isTrashed);
    return this.doInside(id, version, (inquiry, now) => {
      // it may have gone into the trash, or come out of it, while this waited for it
      if ((inquiry.deletedAt !== null) !== isTrashed) throw new RecordNotFound('inquiry', id);
      return verb(inquiry, now);
    });
  }

  /** Where who may was asked before, or a machine acts. */
  doInside(id: string, version: number | undefined, verb: Verb): Promise<Inquiry> {
    return this.db.transaction(async () => {
      const inquiry = await this.db.lock(Inquiry, id, version);
      const now = this.clock.now();
      const [before, hands, wasOver] = [standingOf(inquiry), handsOf(inquiry), isOver(inquiry)];
      await verb(inquiry, now);
      if (wasOver && !isOver(inquiry)) await this.leaveToTeam(inquiry);
      if (standingOf(inquiry) !== before) await this.clocks.follow(inquiry, now);
      await this.calls.follow(hands, handsOf(inquiry));
      return this.db.save(inquiry);
    });
  }

  /** Who left kept what was over; back at work it would wait for them for good. SHARE: they do not leave meanwhile. */
  private async leaveToTeam(inquiry: Inquiry): Promise<void> {
    const sql = "select 1 from users where tenant_id = $1 and id = $2 and status = 'active' for share";
    if (inquiry.assignedTo && !(await this.db.one(sql, [currentTenantId(), inquiry.assignedTo]))) inquiry.release();
  }
}

const isOver = ({ status }: Inquiry): boolean => status === 'closed' || status === 'spam' || status === 'merged';

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
