import type { Actor } from '@app/kernel';
import { type AudienceFields, AudienceFieldsPort, type FieldOptions, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquiryPermissions } from './inquiry.policy.js';
import { reachOf } from './inquiry.reach.js';

const OPEN = `i.status in ('new', 'open', 'pending_customer', 'on_hold')`;
const COUNTS = `i.status not in ('spam', 'merged')`;

/** Customers by what they asked. */
@Injectable()
@Provides(AudienceFieldsPort)
export class InquiriesAudience implements AudienceFields {
  readonly about = 'inquiries';

  of(customerId: string, actor: Actor, params: unknown[]): Record<string, FieldOptions> {
    if (!actor.reach(InquiryPermissions.read)) return {};
    const reached = reachOf(actor, InquiryPermissions.read, params);
    const theirs = `inquiries i where i.tenant_id = app_tenant() and i.customer_id = ${customerId} and i.deleted_at is null
      and ${COUNTS} and (${reached})`;
    return {
      count: {
        type: 'integer',
        column: `(select count(*) from ${theirs})`,
        description: 'How many inquiries there are, without spam',
        example: 1,
      },
      openCount: {
        type: 'integer',
        column: `(select count(*) from ${theirs} and ${OPEN})`,
        description: 'How many inquiries are open',
        example: 1,
      },
      lastAt: {
        type: 'instant',
        column: `(select max(i.created_at) from ${theirs})`,
        nullable: true,
        description: 'When the last one came',
      },
    };
  }
}
