import { CustomersFacade } from '@app/customers';
import { Clock } from '@app/kernel';
import { currentActor } from '@app/platform';
import { CustomFields, type FieldMerge } from '@app/records';
import { Injectable } from '@nestjs/common';
import type { Edit, Inquiry } from './inquiry.entity.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { InquiryWork } from './inquiry-work.js';
import { type Opening, Openings } from './openings.service.js';

export type Recorded = Omit<Opening, 'createdBy' | 'isCustomerBlocked' | 'channel'> & Partial<Pick<Opening, 'channel'>>;

/** The record itself. */
@Injectable()
export class InquiriesService {
  constructor(
    private readonly openings: Openings,
    private readonly work: InquiryWork,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
    private readonly fields: CustomFields,
  ) {}

  /** Belongs to the only team of whoever records it, unless another is named. @throws RecordNotFound, TeamUnknown, ValuesInvalid */
  async record({ customFields, ...recorded }: Recorded, now = this.clock.now()): Promise<Inquiry> {
    const actor = currentActor();
    await this.customers.assertReadable(actor, recorded.customerId);
    const customer = await this.customers.card(recorded.customerId);
    const onlyTeam = actor.teams.length === 1 ? actor.teams[0] : null;
    const opening: Opening = {
      ...recorded,
      channel: recorded.channel ?? 'web',
      teamId: recorded.teamId === undefined ? onlyTeam : recorded.teamId,
      createdBy: actor.id,
      isCustomerBlocked: customer?.status === 'blocked',
    };
    const first = { authorName: customer?.name, authorAddress: customer?.email };
    return this.fields.merge('inquiries', customFields, 'onto', (after) =>
      this.openings.open({ ...opening, customFields: after({}) ?? {} }, first, now),
    );
  }

  /** What is absent stays, also of custom fields. @throws RecordNotFound, OutOfReach, InquiryIsMerged, ValuesInvalid */
  edit(id: string, to: Edit, version?: number): Promise<Inquiry> {
    return this.rewrite(id, to, version, 'onto');
  }

  /** Custom fields stay where none are named: who does not know of them takes none away. @throws as `edit` */
  replace(id: string, to: Edit, version?: number): Promise<Inquiry> {
    return this.rewrite(id, { category: null, ...to }, version, 'insteadOf');
  }

  private rewrite(
    id: string,
    { customFields, ...to }: Edit,
    version: number | undefined,
    how: FieldMerge,
  ): Promise<Inquiry> {
    return this.fields.merge('inquiries', customFields, how, (after) =>
      this.work.do(id, { permission: InquiryPermissions.update, version }, (inquiry) =>
        inquiry.edit({ ...to, customFields: after(inquiry.customFields) }),
      ),
    );
  }
}
