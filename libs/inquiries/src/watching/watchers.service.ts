import { AuthFacade } from '@app/auth';
import { newId } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WatcherUnknown } from '../inquiries/inquiry.errors.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { conversationOf } from '../merging/inquiry-homes.js';

/** Who is told of what happens in an inquiry, beside whoever it is with. To watch is no right to read. */
@Injectable()
export class WatchersService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly auth: AuthFacade,
  ) {}

  /** Oneself, or another by who may change the inquiry; again changes nothing. @throws RecordNotFound, OutOfReach, WatcherUnknown */
  async watch(inquiryId: string, userId: string): Promise<void> {
    await this.assertMay(inquiryId, userId);
    if (!(await this.auth.userExists(userId))) throw new WatcherUnknown();
    await this.add(inquiryId, [userId]);
  }

  /** Also what was merged into it, of which they would go on being told. @throws RecordNotFound, OutOfReach */
  async unwatch(inquiryId: string, userId: string): Promise<void> {
    await this.assertMay(inquiryId, userId);
    await this.db.transaction(() =>
      this.db.query(
        `delete from inquiry_watchers where tenant_id = $1 and inquiry_id in ${conversationOf('$2')} and user_id = $3`,
        [currentTenantId(), inquiryId, userId],
      ),
    );
  }

  async add(inquiryId: string, userIds: readonly string[]): Promise<void> {
    await this.db.transaction(async () => {
      for (const userId of userIds)
        await this.db.query(
          `insert into inquiry_watchers (tenant_id, id, inquiry_id, user_id, added_by) values ($1, $2, $3, $4, $5)
           on conflict on constraint inquiry_watchers_once do nothing`,
          [currentTenantId(), newId(), inquiryId, userId, currentActor().id],
        );
    });
  }

  private async assertMay(inquiryId: string, userId: string): Promise<void> {
    if (userId === currentActor().id) return this.reach.assertReadable(inquiryId);
    await this.reach.assert(inquiryId, InquiryPermissions.update);
  }
}
