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
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import type { DealContactView } from './deal-contacts.dto.js';

const COLUMNS = {
  customerId: 'k.customer_id',
  name: `trim(c.first_name || ' ' || c.last_name)`,
  email: 'c.email',
  role: 'k.role',
  since: 'k.created_at',
} as const;

export const DealContactList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'k.customer_id', description: 'The customer' },
    role: { type: 'text', column: 'k.role', example: 'Signs the contract' },
    since: { type: 'instant', column: 'k.created_at', sortable: true },
  }),
  defaultSort: 'since',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class DealContactsQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
  ) {}

  /** As with the customer of a deal: who reads the deal sees who they are, and no more of them. @throws RecordNotFound */
  async of(dealId: string, query: ListQuery): Promise<Page<DealContactView>> {
    await this.reach.assert(dealId, DealPermissions.read);
    return readPage<DealContactView>(this.db, {
      select: COLUMNS,
      from: 'deal_contacts k join customers c on c.tenant_id = k.tenant_id and c.id = k.customer_id',
      where: 'k.tenant_id = $1 and k.deal_id = $2',
      params: [currentTenantId(), dealId],
      query,
      spec: DealContactList,
    });
  }
}
