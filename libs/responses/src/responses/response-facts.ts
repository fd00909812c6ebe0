import { type CustomerCard, CustomersFacade } from '@app/customers';
import { InquiriesFacade, type InquiryCard, referenceOf } from '@app/inquiries';
import { currentTenantId, Database, defineFields, type Facts } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Response } from './response.entity.js';

const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const satisfies readonly InquiryCard['priority'][];
const CHANNELS = [
  'email',
  'phone',
  'chat',
  'web',
  'social',
  'api',
] as const satisfies readonly InquiryCard['channel'][];
const LEVELS = ['bronze', 'silver', 'gold', 'platinum'] as const satisfies readonly CustomerCard['level'][];
const STATUSES = [
  'lead',
  'prospect',
  'customer',
  'inactive',
  'blocked',
] as const satisfies readonly CustomerCard['status'][];

/** What an approval policy may ask of a response. */
export const RESPONSE_FACTS = defineFields({
  priority: { type: 'enum', values: PRIORITIES, description: 'Of the inquiry.' },
  category: { type: 'text', nullable: true, description: 'Of the inquiry.' },
  channel: { type: 'enum', values: CHANNELS, description: 'By which the inquiry came.' },
  teamId: { type: 'id', nullable: true, description: 'Of the inquiry.' },
  customerLevel: { type: 'enum', values: LEVELS, nullable: true },
  customerStatus: { type: 'enum', values: STATUSES },
  authorId: { type: 'id' },
  /** Several ids in one text: one of them is asked for by `contains`. */
  authorRoles: { type: 'text', operators: ['contains'], description: 'The ids of the roles of whoever drafted it.' },
  fromMacro: {
    type: 'boolean',
    description: 'Whether it is a canned answer, word for word, in which its author had no hand.',
  },
  isCorrection: { type: 'boolean', description: 'Whether it corrects an answer that was sent.' },
  revision: { type: 'integer' },
  messageLength: { type: 'integer', description: 'In characters.' },
});

/** What approvals must know of a response that is submitted. */
export type Petition = {
  readonly title: string;
  readonly teamId: string | null;
  readonly dueAt: Date | null;
  readonly facts: Facts;
};

/** The facts of a response as they stand when it is submitted. */
@Injectable()
export class ResponseFacts {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiriesFacade,
    private readonly customers: CustomersFacade,
  ) {}

  async petitionFor(response: Response): Promise<Petition> {
    const { id, inquiryId, customerId, respondedBy, revision, corrects, macroId, message } = response;
    const inquiry = await this.inquiries.card(inquiryId);
    const home = await this.homeOf(inquiryId);
    const customer = await this.customers.card(customerId);
    const authorRoles = await this.rolesOf(respondedBy);
    return {
      title: inquiry ? `${referenceOf(inquiry.number)} ${inquiry.subject}` : id,
      teamId: home?.teamId ?? null,
      dueAt: home?.dueAt ?? null,
      facts: {
        ...{ priority: inquiry?.priority, category: inquiry?.category, channel: inquiry?.channel },
        ...{ teamId: inquiry?.teamId, customerLevel: customer?.level, customerStatus: customer?.status },
        ...{ authorId: respondedBy, authorRoles, revision },
        ...{ fromMacro: macroId !== null },
        ...{ isCorrection: corrects !== null, messageLength: [...message].length },
      },
    };
  }

  /** What waits for approval of the answers to an inquiry, or to what was merged into it, and what the inquiry is now. */
  async waitingOn(inquiryId: string): Promise<{ ids: string[]; standing: Pick<Petition, 'teamId' | 'dueAt'> }> {
    const inquiry = await this.homeOf(inquiryId);
    const rows = await this.db.query<{ id: string }>(
      `select id from responses where tenant_id = $1 and inquiry_id = any ($2::uuid[]) and status = 'pending_approval' order by id`,
      [currentTenantId(), await this.inquiries.conversationOf(inquiryId)],
    );
    const standing = { teamId: inquiry?.teamId ?? null, dueAt: inquiry?.dueAt ?? null };
    return { ids: inquiry ? rows.map(({ id }) => id) : [], standing };
  }

  /** Where an inquiry that was merged goes on: whose work the answer is, and until when, is said there. */
  private async homeOf(inquiryId: string): Promise<InquiryCard | undefined> {
    const [home = inquiryId] = await this.inquiries.conversationOf(inquiryId);
    return this.inquiries.card(home);
  }

  private async rolesOf(userId: string): Promise<string> {
    const rows = await this.db.query<{ id: string }>(
      'select role_id as id from user_roles where tenant_id = $1 and user_id = $2 order by 1',
      [currentTenantId(), userId],
    );
    return rows.map(({ id }) => id).join(' ');
  }
}
