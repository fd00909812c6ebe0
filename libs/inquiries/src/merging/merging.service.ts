import { AuthFacade } from '@app/auth';
import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { OthersMergedIntoIt } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { InquiryStatusService } from '../inquiries/inquiry-status.service.js';
import { InquiryWork } from '../inquiries/inquiry-work.js';

/** Of two inquiries one, and two again. No message moves: a merge says where they are read. */
@Injectable()
export class MergingService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly work: InquiryWork,
    private readonly statuses: InquiryStatusService,
    private readonly auth: AuthFacade,
  ) {}

  /**
   * Whoever merges may change both. Both are held in the order of their ids, so that of A into B and B into A at once one
   * wins and the other is told. @throws RecordNotFound, OutOfReach, MergedWithItself, InquiryIsMerged, NotMergeable, OthersMergedIntoIt
   */
  async merge(id: string, target: string, version?: number): Promise<Inquiry> {
    const into = target.toLowerCase();
    await this.reach.assert(id, InquiryPermissions.update);
    await this.reach.assert(into, InquiryPermissions.update);
    return this.db
      .transaction(async () => {
        const first = into < id ? await this.db.lock(Inquiry, into) : undefined;
        return this.work.doInside(id, version, async (inquiry, now) => {
          inquiry.mergeInto(first ?? (await this.db.lock(Inquiry, into)), now);
          await this.db.audit('inquiries', into, 'joined', { after: { mergedFrom: id } });
        });
      })
      .catch(onConstraint('inquiries_merged_into_one_that_goes_on', () => new OthersMergedIntoIt(id)));
  }

  /** Within 24 hours. Whoever it was with may have left since: then it is its team's. @throws NotMerged, MergeIsFinal */
  async unmerge(id: string, version?: number): Promise<Inquiry> {
    return this.work.do(id, { permission: InquiryPermissions.update, version }, async (inquiry, now) => {
      const { mergedInto, assignedTo } = inquiry;
      inquiry.unmerge(now);
      if (assignedTo && !(await this.auth.userExists(assignedTo))) inquiry.release();
      await this.statuses.planTimers(inquiry);
      if (mergedInto) await this.db.audit('inquiries', mergedInto, 'parted', { after: { unmerged: id } });
    });
  }
}
