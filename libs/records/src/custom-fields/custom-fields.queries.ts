import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readOne,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomFieldPermissions, FIELD_TYPES } from './custom-field.policy.js';
import type { CustomFieldView } from './custom-fields.dto.js';

const COLUMNS = {
  id: 'f.id',
  recordKind: 'f.record_kind',
  key: 'f.key',
  label: 'f.label',
  type: 'f.type',
  options: 'f.options',
  min: `(f.rules ->> 'min')::float8`,
  max: `(f.rules ->> 'max')::float8`,
  earliest: `f.rules ->> 'earliest'`,
  latest: `f.rules ->> 'latest'`,
  targetKind: 'f.target_kind',
  currency: 'f.currency',
  expression: 'f.expression',
  resultType: 'f.result_type',
  isRequired: 'f.is_required',
  isPersonal: 'f.is_personal',
  isIndexed: 'f.is_indexed',
  indexState: 'f.index_state',
  convertingTo: `f.converting_to ->> 'type'`,
  archivedAt: 'f.archived_at',
  createdBy: 'f.created_by',
  version: 'f.version',
  createdAt: 'f.created_at',
  updatedAt: 'f.updated_at',
} as const;

export const CustomFieldList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'f.id' },
    recordKind: { type: 'text', column: 'f.record_kind', operators: ['eq', 'in'], example: 'customers' },
    key: { type: 'text', column: 'f.key', sortable: true },
    type: { type: 'enum', column: 'f.type', values: FIELD_TYPES },
    isPersonal: { type: 'boolean', column: 'f.is_personal' },
    isIndexed: { type: 'boolean', column: 'f.is_indexed' },
    archivedAt: {
      type: 'instant',
      column: 'f.archived_at',
      nullable: true,
      description: 'archivedAt[null]=true: those in use',
    },
    createdAt: { type: 'instant', column: 'f.created_at', sortable: true },
  }),
  defaultSort: 'key',
  outputs: Object.keys(COLUMNS),
};

@Injectable()
export class CustomFieldsQueries {
  constructor(private readonly db: Database) {}

  list(query: ListQuery): Promise<Page<CustomFieldView>> {
    const params = [currentTenantId()];
    const where = `f.tenant_id = $1 and ${seen()}`;
    return readPage<CustomFieldView>(this.db, {
      select: COLUMNS,
      from: 'custom_fields f',
      where,
      params,
      query,
      spec: CustomFieldList,
    });
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<CustomFieldView> {
    return readOne<CustomFieldView>(
      this.db,
      'custom field',
      { select: COLUMNS, from: `(select * from custom_fields f where ${seen()}) f` },
      id,
    );
  }
}

/** A field of personal data is not even named to who may not see its values. */
const seen = (): string => {
  const actor = currentActor();
  const [sees, manages] = [CustomFieldPermissions.readPersonal, CustomFieldPermissions.manage];
  return actor.can(sees) || actor.can(manages) ? 'true' : 'not f.is_personal';
};
