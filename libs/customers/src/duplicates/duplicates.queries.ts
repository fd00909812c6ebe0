import {
  currentActor,
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
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { DUPLICATE_STATUSES } from './duplicate.entity.js';
import { DuplicateScan } from './duplicate-scan.entity.js';
import { type DuplicateScanView, type DuplicateView, toScanView } from './duplicates.dto.js';

const card = (alias: string): string =>
  `jsonb_build_object('id', ${alias}.id, 'firstName', ${alias}.first_name, 'lastName', ${alias}.last_name,
    'email', ${alias}.email, 'phone', ${alias}.phone, 'company', ${alias}.company)`;

const COLUMNS = {
  id: 'd.id',
  customer: card('a'),
  other: card('b'),
  score: 'd.score',
  reasons: 'd.reasons',
  status: 'd.status',
  version: 'd.version',
  createdAt: 'd.created_at',
  updatedAt: 'd.updated_at',
} as const;

const FROM = `customer_duplicates d
  join customers a on a.tenant_id = d.tenant_id and a.id = d.customer_id and a.deleted_at is null
  join customers b on b.tenant_id = d.tenant_id and b.id = d.other_id and b.deleted_at is null`;

export const DuplicateList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'd.id' },
    status: { type: 'enum', column: 'd.status', values: DUPLICATE_STATUSES, example: 'open' },
    score: { type: 'integer', column: 'd.score', sortable: true, example: '80' },
    customerId: { type: 'id', column: 'd.customer_id', description: 'The one of both with the lower id' },
    otherId: { type: 'id', column: 'd.other_id' },
    createdAt: { type: 'instant', column: 'd.created_at', sortable: true },
  }),
  defaultSort: '-score',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class DuplicatesQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  list(query: ListQuery): Promise<Page<DuplicateView>> {
    const params: unknown[] = [currentTenantId()];
    const where = `d.tenant_id = $1 and ${this.reached(params)}`;
    return readPage<DuplicateView>(this.db, { select: COLUMNS, from: FROM, where, params, query, spec: DuplicateList });
  }

  /** @throws RecordNotFound when one of both is out of reach */
  async view(id: string): Promise<DuplicateView> {
    const params: unknown[] = [currentTenantId(), id];
    const columns = Object.entries(COLUMNS).map(([name, sql]) => `${sql} as "${name}"`);
    const row = await this.db.one<DuplicateView>(
      `select ${columns.join(', ')} from ${FROM} where d.tenant_id = $1 and d.id = $2 and ${this.reached(params)}`,
      params,
    );
    if (!row) throw new RecordNotFound('duplicate', id);
    return row;
  }

  /** @throws RecordNotFound */
  scan(id: string): Promise<DuplicateScanView> {
    return this.db.get(DuplicateScan, id).then(toScanView);
  }

  /** Those of these customers whom the actor may read. */
  async readable(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const params: unknown[] = [ids];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    const rows = await this.db.query<{ id: string }>(
      `select c.id from customers c where c.id = any ($1::uuid[]) and c.deleted_at is null and (${reached})`,
      params,
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** A pair tells of both. */
  private reached(params: unknown[]): string {
    return ['d.customer_id', 'd.other_id']
      .map((column) => {
        const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
        return `exists (select 1 from customers c where c.tenant_id = d.tenant_id and c.id = ${column} and (${reached}))`;
      })
      .join(' and ');
  }
}
