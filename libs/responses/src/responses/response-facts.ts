import { type CustomerCard, CustomersFacade } from '@app/customers';
import { InquiriesFacade, type InquiryCard, referenceOf } from '@app/inquiries';
import { currentTenantId, Database, defineFields, type Facts } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { QuotedFacts } from './quoted-facts.js';
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
  hasAttachments: {
    type: 'boolean',
    description: 'Whether the customer sent files with the inquiry; pictures in the text do not count.',
  },
  customerLevel: { type: 'enum', values: LEVELS, nullable: true },
  customerStatus: { type: 'enum', values: STATUSES },
  authorId: { type: 'id', nullable: true, description: 'Null where several had a hand in it.' },
  /** Several ids in one text: one of them is asked for by `contains`. */
  authorRoles: {
    type: 'text',
    operators: ['contains'],
    description:
      'The ids of the roles that all who had a hand in it have: what a senior may do alone is not for others.',
  },
  writerRoles: {
    type: 'text',
    operators: ['contains'],
    description: 'The ids of the roles that anybody has who had a hand in it.',
  },
  authorDays: {
    type: 'integer',
    description: 'Whole days since the account was made of the newest who had a hand in it; 0 for a service token.',
  },
  fromMacro: {
    type: 'boolean',
    description: 'Whether it is a canned answer, word for word, in which its author had no hand.',
  },
  isCorrection: { type: 'boolean', description: 'Whether it corrects an answer that was sent.' },
  revision: { type: 'integer' },
  messageLength: { type: 'integer', description: 'In characters.' },
});

const DAY_MS = 86_400_000;
const WRITERS = `select u.created_at as since, array (select r.role_id::text from user_roles r
    where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles
  from users u where u.tenant_id = $1 and u.id = any ($2::uuid[])`;

/** What approvals must know of a response that is submitted. */
export type Petition = {
  readonly title: string;
  readonly teamId: string | null;
  readonly dueAt: Date | null;
  readonly facts: Facts;
  /** All answers to one inquiry are samples, or none: a text that is drafted anew does not get out of it. */
  readonly sampleKey: string;
};

/** The facts of a response as they stand when it is submitted. */
@Injectable()
export class ResponseFacts {
  constructor(
    private readonly db: Database,
    private readonly inquiries: InquiriesFacade,
    private readonly customers: CustomersFacade,
    private readonly quotes: QuotedFacts,
  ) {}

  /** What it quotes is frozen first, so that it is the text that is asked for. */
  async petitionFor(response: Response, by: string, now: Date): Promise<Petition> {
    await this.quotes.freeze(response, by, now);
    const { id, inquiryId, customerId, revision, corrects, macroId, message } = response;
    const inquiry = await this.homeOf(inquiryId);
    const customer = await this.customers.card(customerId);
    const writers = [...new Set([...response.writers, by])];
    return {
      title: inquiry ? titleOf(inquiry) : id,
      teamId: inquiry?.teamId ?? null,
      dueAt: inquiry?.dueAt ?? null,
      sampleKey: inquiry?.id ?? inquiryId,
      facts: {
        ...{ priority: inquiry?.priority, category: inquiry?.category, channel: inquiry?.channel },
        hasAttachments: await this.inquiries.hasFiles(inquiryId),
        ...{ teamId: inquiry?.teamId, customerLevel: customer?.level, customerStatus: customer?.status },
        ...(await this.factsOf(writers, now)),
        ...{
          revision,
          fromMacro: macroId !== null,
          isCorrection: corrects !== null,
          messageLength: [...message].length,
        },
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

  /** Where an inquiry that was merged goes on: whose work the answer is, until when, and what it has to go by, is said there. */
  private async homeOf(inquiryId: string): Promise<InquiryCard | undefined> {
    const [home = inquiryId] = await this.inquiries.conversationOf(inquiryId);
    return this.inquiries.card(home);
  }

  /** Of all who had a hand in a text: a rule that trusts one of them does not trust the others. */
  private async factsOf(writers: readonly string[], now: Date): Promise<Facts> {
    const rows = await this.db.query<{ roles: string[]; since: Date }>(WRITERS, [currentTenantId(), writers]);
    const isWhole = rows.length === writers.length;
    const everywhere = rows
      .map(({ roles }) => roles)
      .reduce((shared, roles) => shared.filter((id) => roles.includes(id)), rows[0]?.roles ?? []);
    const newest = Math.max(...rows.map(({ since }) => since.getTime()));
    return {
      authorId: writers.length === 1 ? writers[0] : null,
      authorRoles: isWhole ? everywhere.join(' ') : '',
      writerRoles: [...new Set(rows.flatMap(({ roles }) => roles))].sort().join(' '),
      authorDays: isWhole ? Math.max(0, Math.floor((now.getTime() - newest) / DAY_MS)) : 0,
    };
  }
}

/** Whoever decides sees it in the queue, whether the subject is for them or not. */
const titleOf = ({ number, subject, visibility }: InquiryCard): string =>
  visibility === 'all' ? `${referenceOf(number)} ${subject}` : referenceOf(number);
