import {
  currentActor,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { shownInHistory } from '@app/records';
import { Injectable } from '@nestjs/common';
import { CustomerReach } from '../customer.reach.js';
import { wireName } from '../wire-name.js';
import type { HistoryEntryView } from './history.dto.js';

const COLUMNS: Readonly<Record<keyof HistoryEntryView, string>> = {
  id: 'a.id',
  at: 'a.at',
  actorId: 'a.actor_id',
  actorName: 'a.actor_name',
  requestId: 'a.request_id',
  entity: 'a.entity',
  entityId: 'a.entity_id',
  action: 'a.action',
  before: 'a.before',
  after: 'a.after',
};

export const HistoryList: ListSpec = {
  fields: defineFields({
    id: { type: 'integer', column: 'a.id', sortable: true, filterable: false },
    at: { type: 'instant', column: 'a.at' },
    actorId: { type: 'id', column: 'a.actor_id' },
    action: {
      type: 'enum',
      column: 'a.action',
      values: ['created', 'updated', 'deleted', 'merged', 'parted', 'reverted'],
      example: 'updated',
    },
  }),
  defaultSort: '-id',
  outputs: Object.keys(COLUMNS),
};

/** What became of a customer's row, from the audit trail; its contact points are part of the row. */
@Injectable()
export class HistoryQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
  ) {}

  /** @throws RecordNotFound */
  async list(customerId: string, query: ListQuery): Promise<Page<HistoryEntryView>> {
    await this.reach.assertReadable(currentActor(), customerId);
    return readPage<HistoryEntryView, HistoryEntryView>(this.db, {
      select: { ...COLUMNS, before: shown('a.before'), after: shown('a.after') },
      from: 'audit_log a',
      where: `a.entity = 'customers' and a.entity_id = $1`,
      params: [customerId],
      query,
      spec: HistoryList,
      map: (row) => ({ ...row, before: inWireNames(row.before), after: inWireNames(row.after) }),
    });
  }
}

const shown = (column: string): string => shownInHistory('customers', column);

/** Columns under the names that the API gives them; the tenant is not news to anybody. */
function inWireNames(columns: Record<string, unknown> | null): Record<string, unknown> | null {
  if (!columns) return null;
  const fields = Object.entries(columns).filter(([column]) => column !== 'tenant_id');
  return Object.fromEntries(fields.map(([column, value]) => [wireName(column), value]));
}
