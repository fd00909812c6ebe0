import { CustomersFacade } from '@app/customers';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';
import { InquiryPermissions } from '../inquiries/inquiry.policy.js';
import { InquiryReach } from '../inquiries/inquiry.reach.js';
import { InquiryLink, type NewLink } from './inquiry-link.entity.js';
import { AlreadyLinked } from './link.errors.js';

/** What inquiries have to do with each other and with customers. */
@Injectable()
export class LinksService {
  constructor(
    private readonly db: Database,
    private readonly reach: InquiryReach,
    private readonly customers: CustomersFacade,
  ) {}

  /** Whoever links may change the inquiry and read the other. @throws RecordNotFound, LinkedToItself, AlreadyLinked, InquiryIsMerged */
  async link(given: NewLink): Promise<InquiryLink> {
    const { inquiryId, targetId, targetType } = given;
    await this.reach.assert(inquiryId, InquiryPermissions.update);
    const actor = currentActor();
    if (targetType === 'inquiry') await this.reach.assertReadable(targetId);
    else await this.customers.assertReadable(actor, targetId);
    (await this.db.get(Inquiry, inquiryId)).assertWritable();
    return this.db
      .create(InquiryLink.make(given, actor.id))
      .catch(onConstraint('inquiry_links_once', () => new AlreadyLinked(given.kind)));
  }

  /** From either of both inquiries. @throws RecordNotFound */
  async unlink(inquiryId: string, linkId: string): Promise<void> {
    await this.reach.assert(inquiryId, InquiryPermissions.update);
    const [link] = await this.db.findWhere(
      InquiryLink,
      'tenant_id = $1 and id = $2 and (inquiry_id = $3 or target_inquiry_id = $3)',
      [currentTenantId(), linkId, inquiryId],
    );
    if (!link) throw new RecordNotFound('link', linkId);
    link.takeBack();
    await this.db.remove(link);
  }
}
