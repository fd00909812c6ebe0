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
import type { RateView } from './forecast.dto.js';

const COLUMNS = {
  id: 'x.id',
  base: 'x.base',
  currency: 'x.currency',
  day: 'x.day',
  rate: 'x.rate',
  createdBy: 'x.created_by',
  createdAt: 'x.created_at',
} as const;

export const RateList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'x.id' },
    base: { type: 'text', column: 'x.base', operators: ['eq', 'in'], example: 'EUR' },
    currency: { type: 'text', column: 'x.currency', operators: ['eq', 'in'], example: 'USD' },
    day: { type: 'date', column: 'x.day', sortable: true, example: '2026-11-02' },
  }),
  defaultSort: '-day',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class ExchangeRatesQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<RateView>> {
    const params = [currentTenantId()];
    const where = 'x.tenant_id = $1';
    return readPage<RateView>(this.db, {
      ...{ select: COLUMNS, from: 'exchange_rates x', where, params, query },
      spec: RateList,
    });
  }
}
