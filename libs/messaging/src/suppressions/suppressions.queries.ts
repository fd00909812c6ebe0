import {
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SUPPRESSION_REASONS } from './suppression.policy.js';
import type { SuppressionView } from './suppressions.dto.js';

const VIEW = {
  id: 's.id',
  address: 's.address',
  reason: 's.reason',
  note: 's.note',
  version: 's.version',
  createdAt: 's.created_at',
  updatedAt: 's.updated_at',
};

export const SuppressionList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 's.id' },
    address: {
      type: 'text',
      column: 's.address',
      sortable: true,
      description: 'Normalised: lower case, its domain in ASCII',
    },
    reason: { type: 'enum', column: 's.reason', values: SUPPRESSION_REASONS },
    createdAt: { type: 'instant', column: 's.created_at', sortable: true },
  }),
  outputs: Object.keys(VIEW),
  defaultSort: '-createdAt',
};

const columns = Object.entries(VIEW).map(([name, sql]) => `${sql} as "${name}"`);
const ONE = `select ${columns.join(', ')} from suppressions s where s.tenant_id = $1 and s.id = $2`;

@Injectable()
export class SuppressionsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<SuppressionView>> {
    return readPage<SuppressionView>(this.db, {
      select: VIEW,
      from: 'suppressions s',
      where: 's.tenant_id = $1',
      params: [currentTenantId()],
      query,
      spec: SuppressionList,
    });
  }

  /** @throws RecordNotFound */
  async get(id: string): Promise<SuppressionView> {
    const found = await this.db.one<SuppressionView>(ONE, [currentTenantId(), id]);
    if (!found) throw new RecordNotFound('suppression', id);
    return found;
  }
}
