import type { Actor } from '@app/kernel';
import { type CustomerReach, CustomerReachPort, type InquiryReach, InquiryReachPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { sideShown } from '../side-conversations/side.reach.js';
import { conversationOpen, messageShown } from '../visibility/words.reach.js';
import { InquiryPermissions } from './inquiry.policy.js';
import { ownOf, reachOf, reachWithHome } from './inquiry.reach.js';

const anInquiry = (condition: string, reached: string): string =>
  `exists (select 1 from inquiries i where i.tenant_id = app_tenant() and ${condition} and i.deleted_at is null and ${reached})`;

/** A customer is readable through an inquiry that is mine, however far beyond it I may read inquiries. */
@Injectable()
@Provides(CustomerReachPort)
export class CustomersOfMyInquiries implements CustomerReach {
  readonly way = 'through_my_inquiry';

  predicate(customerId: string, actor: Actor, params: unknown[]): string {
    if (!actor.can(InquiryPermissions.read)) return 'false';
    return anInquiry(`i.customer_id = ${customerId}`, ownOf(actor, params));
  }
}

/** What belongs to an inquiry is readable by whoever may read it, or the one that it was merged into. */
@Injectable()
@Provides(InquiryReachPort)
export class BelongingsOfInquiries implements InquiryReach {
  predicate(inquiryId: string, actor: Actor, params: unknown[]): string {
    const readable = (condition: string): string =>
      anInquiry(condition, reachOf(actor, InquiryPermissions.read, params));
    const home = `(select merged.merged_into from inquiries merged where merged.tenant_id = app_tenant() and merged.id = ${inquiryId})`;
    return `(${readable(`i.id = ${inquiryId}`)} or ${readable(`i.id = ${home}`)})`;
  }

  ofSide(sideConversationId: string, actor: Actor, params: unknown[]): string {
    const about = `(select aside.inquiry_id from side_conversations aside where aside.tenant_id = app_tenant() and aside.id = ${sideConversationId})`;
    return reachWithHome(about, actor, InquiryPermissions.read, params);
  }

  shows(mailId: string, actor: Actor, params: unknown[]): string {
    const inItsThread = messageShown(`said.mail_id = ${mailId}`, actor, params);
    return `coalesce(${inItsThread}, (select case when not ${sideShown('aside', actor, params)} then false end
      from mails came join side_conversations aside on aside.tenant_id = came.tenant_id and aside.id = came.side_conversation_id
      where came.tenant_id = app_tenant() and came.id = ${mailId}))`;
  }

  showsWhole(inquiryId: string, actor: Actor, params: unknown[]): string {
    return conversationOpen(inquiryId, actor, params);
  }

  /** What a message of a mail became when it was split off, and where that was merged to. */
  ofMail(mailId: string, actor: Actor, params: unknown[]): string {
    const reached = reachOf(actor, InquiryPermissions.read, params);
    return `exists (select 1 from inquiry_messages said
      join inquiries split on split.tenant_id = said.tenant_id and split.split_message_id = said.id
      join inquiries i on i.tenant_id = split.tenant_id and i.id in (split.id, split.merged_into)
      where said.tenant_id = app_tenant() and said.mail_id = ${mailId} and i.deleted_at is null and ${reached})`;
  }
}
