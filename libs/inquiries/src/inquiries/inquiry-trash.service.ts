import { currentActor } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Inquiry } from './inquiry.entity.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { InquiryReach } from './inquiry.reach.js';
import { InquiryStatusService } from './inquiry-status.service.js';
import { InquiryWork } from './inquiry-work.js';

/** Out of sight, and back. */
@Injectable()
export class InquiryTrashService {
  constructor(
    private readonly work: InquiryWork,
    private readonly reach: InquiryReach,
    private readonly statuses: InquiryStatusService,
  ) {}

  async trash(id: string, version?: number): Promise<void> {
    const { id: by } = currentActor();
    await this.work.do(id, { permission: InquiryPermissions.delete, version }, (inquiry, now) =>
      inquiry.trash(by, now),
    );
  }

  /** Out of the trash, for whoever may put it there; else out of spam. */
  async restore(id: string, version?: number): Promise<Inquiry> {
    const isTrashed = currentActor().can(InquiryPermissions.delete) && (await this.reach.isInTrash(id));
    if (!isTrashed) return this.statuses.restoreFromSpam(id, version);
    const right = { permission: InquiryPermissions.delete, version, isTrashed };
    return this.work.do(id, right, (inquiry) => inquiry.restore());
  }
}
