import type { Actor } from '@app/kernel';
import { type CustomerReach, CustomerReachPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryPermissions } from './inquiry.policy.js';
import { ownOf } from './inquiry.reach.js';

/** A customer is readable through an inquiry that is mine, however far beyond it I may read inquiries. */
@Injectable()
@Provides(CustomerReachPort)
export class InquiriesCustomerReach implements CustomerReach {
  predicate(customerId: string, actor: Actor, params: unknown[]): string {
    if (!actor.can(InquiryPermissions.read)) return 'false';
    return `exists (select 1 from inquiries i where i.tenant_id = app_tenant() and i.customer_id = ${customerId}
      and i.deleted_at is null and ${ownOf(actor, params)})`;
  }
}
