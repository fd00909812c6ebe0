import { Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { shownOf } from '@app/records';
import type { Lead } from './lead.entity.js';
import { LEAD_STATUSES, type LeadStatus } from './lead.policy.js';

/** By which advertisement somebody came. */
export class UtmView {
  /** @example "newsletter" */
  source?: string;
  /** @example "email" */
  medium?: string;
  /** @example "spring-fair" */
  campaign?: string;
  /** @example "freight" */
  term?: string;
  /** @example "second-link" */
  content?: string;
}

export class NextActionView {
  /** @example "Call about the offer" */
  what: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2031-03-03T09:00:00Z' })
  dueAt: Date | null;
}

@Tells('leads')
export class LeadView {
  /** @example "01920000-0001-7042-8000-000000000001" */
  id: string;
  /** @example "Noor Haddad" */
  name: string;
  /** @example "noor@haddad.example" */
  email: string | null;
  /**
   * E.164.
   * @example "+4930901820"
   */
  phone: string | null;
  /** @example "Haddad Freight" */
  company: string | null;
  /** @example "Freight to Tangier" */
  subject: string | null;
  /** @example "Do you ship to Tangier every week?" */
  message: string | null;
  /**
   * Where it came from; `mail` when a stranger wrote.
   * @example "trade-fair"
   */
  source: string;
  utm: UtmView;
  /** SHA-256 of the raw mail that it was made of. */
  mailHash: string | null;
  @ApiProperty({ enum: LEAD_STATUSES, example: 'new' })
  status: LeadStatus;
  /** Why nothing will come of it. */
  reason: string | null;
  /** @example "01920000-0001-7001-8000-000000000006" */
  ownerId: string | null;
  teamId: string | null;
  @ApiProperty({ type: NextActionView, nullable: true })
  nextAction: NextActionView | null;
  /** Whom it became. */
  customerId: string | null;
  companyId: string | null;
  dealId: string | null;
  convertedAt: Date | null;
  /** The lead that goes on for this one. */
  duplicateOf: string | null;
  /** What the company keeps of its leads besides, by the keys of its fields. */
  customFields: Record<string, unknown>;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('customers', { name: ['firstName', 'lastName'], email: 'email' })
class LeadCustomerRef {
  id: string;
  /** @example "Grace Hopper" */
  name: string;
  /** @example "grace.hopper.1@customers.example" */
  email: string | null;
}

class LeadOwnerRef {
  id: string;
  /** @example "Sven Seller" */
  name: string;
  /** @example "sales@demo.example" */
  email: string;
}

@Tells('leads')
export class ListedLeadView extends LeadView {
  /** With `include=customer`. */
  customer?: LeadCustomerRef | null;
  /** With `include=owner`. */
  owner?: LeadOwnerRef | null;
}

@Tells('leads')
export class TrashedLeadView extends LeadView {
  deletedAt: Date;
  deletedBy: string;
}

export function toView(lead: Lead): LeadView {
  const { id, name, email, phone, company, subject, message, source, utm, mailHash, status, reason } = lead;
  const { ownerId, teamId, customerId, companyId, dealId, convertedAt, duplicateOf } = lead;
  const { nextAction: what, nextActionAt: dueAt, createdBy, version, createdAt, updatedAt } = lead;
  return {
    ...{ id, name, email, phone, company, subject, message, source, utm, mailHash, status, reason },
    ...{ ownerId, teamId, customerId, companyId, dealId, convertedAt, duplicateOf },
    ...{ createdBy, version, createdAt, updatedAt },
    nextAction: what === null ? null : { what, dueAt },
    customFields: shownOf('leads', lead.customFields, lead.concealedFields),
  };
}
