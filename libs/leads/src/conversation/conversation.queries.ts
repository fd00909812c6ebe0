import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadReach } from '../leads/lead.reach.js';
import type { LeadMessageView } from './conversation.dto.js';

const COLUMNS = {
  id: 'm.id',
  mailId: 'm.mail_id',
  authorName: 'm.author_name',
  authorAddress: 'm.author_address',
  subject: 'm.subject',
  body: 'm.body',
  at: 'm.at',
} as const;

export const LeadMessageList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'm.id' },
    mailId: { type: 'id', column: 'm.mail_id' },
    at: { type: 'instant', column: 'm.at', sortable: true },
  }),
  defaultSort: '-at',
  outputs: Object.keys(COLUMNS),
};

/** What was written with leads. */
@Injectable()
export class ConversationQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: LeadReach,
  ) {}

  /** @throws RecordNotFound */
  async of(leadId: string, query: ListQuery): Promise<Page<LeadMessageView>> {
    await this.reach.assert(leadId, LeadPermissions.read);
    const where = 'm.tenant_id = $1 and m.lead_id = $2';
    const params = [currentTenantId(), leadId];
    return readPage<LeadMessageView>(this.db, {
      ...{ select: COLUMNS, from: 'lead_messages m', where, params, query },
      spec: LeadMessageList,
    });
  }
}
