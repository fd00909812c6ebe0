import { Database, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { OthersMergedIntoIt } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { InquiryWork } from '../inquiries/inquiry-work.js';
import { InquiryHomes } from './inquiry-homes.js';
import { Parting } from './parting.service.js';

/** Of two inquiries one, and two again. No message moves: a merge says where they are read. */
@Injectable()
export class MergingService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly work: InquiryWork,
    private readonly homes: InquiryHomes,
    private readonly parting: Parting,
  ) {}

  /**
   * Whoever merges may change both. Both are held in the order of their ids, so that of A into B and B into A at once one
   * wins and the other is told. @throws RecordNotFound, OutOfReach, MessageHidden, MergedWithItself, InquiryIsMerged, NotMergeable, OthersMergedIntoIt
   */
  async merge(id: string, target: string, version?: number): Promise<Inquiry> {
    const into = target.toLowerCase();
    await this.assertChangeable(id, into);
    await this.reach.assertWhole(id); // whoever has the other one will read it
    return this.db
      .transaction(async () => {
        await this.holdFirst(into, id);
        const merged = await this.work.doInside(id, version, async (inquiry, now) => {
          inquiry.mergeInto(await this.db.lock(Inquiry, into), now);
          await this.db.audit('inquiries', into, 'joined', { after: { mergedFrom: id } });
        });
        await this.work.doInside(into, undefined, (inquiry, now) => inquiry.takeOver(merged, now));
        return merged;
      })
      .catch(onConstraint('inquiries_merged_into_one_that_goes_on', () => new OthersMergedIntoIt(id)));
  }

  /**
   * Within 24 hours, by whoever may change both, as for a merge. @throws RecordNotFound, OutOfReach, NotMerged, MergeIsFinal
   */
  async unmerge(id: string, version?: number): Promise<Inquiry> {
    const from = await this.homes.homeOf(id);
    const isInTrash = await this.reach.isInTrash(from);
    await this.assertChangeable(id, ...(isInTrash ? [] : [from]));
    return this.db.transaction(async () => {
      await this.holdFirst(from, id);
      const parted = await this.work.doInside(id, version, (inquiry, now) => this.parting.part(inquiry, now));
      await this.work.doInside(from, undefined, (inquiry) => this.parting.leave(inquiry));
      return parted;
    });
  }

  private async assertChangeable(...ids: string[]): Promise<void> {
    for (const id of ids) await this.reach.assert(id, InquiryPermissions.update);
  }

  private async holdFirst(id: string, other: string): Promise<void> {
    if (id < other) await this.db.lock(Inquiry, id);
  }
}
