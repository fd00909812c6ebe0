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
import { TaxClass } from './tax-class.entity.js';
import { type TaxClassView, toView } from './tax-classes.dto.js';

const COLUMNS = {
  id: 't.id',
  name: 't.name',
  rate: 't.rate',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
} as const;

export const TaxClassList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 't.id' },
    name: { type: 'text', column: 't.name', sortable: true, example: 'Standard' },
    createdAt: { type: 'instant', column: 't.created_at', sortable: true },
  }),
  defaultSort: 'name',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class TaxClassesQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<TaxClassView>> {
    const params = [currentTenantId()];
    const source = { select: COLUMNS, from: 'tax_classes t', where: 't.tenant_id = $1', params };
    return readPage<TaxClassView>(this.db, { ...source, query, spec: TaxClassList });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<TaxClassView> {
    return this.db.get(TaxClass, id).then(toView);
  }
}
