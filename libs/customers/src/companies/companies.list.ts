import { defineFields, type ListSpec } from '@app/platform';
import { shownFields } from '@app/records';

const COLUMNS = {
  id: 'o.id',
  name: 'o.name',
  domain: 'o.domain',
  createdBy: 'o.created_by',
  version: 'o.version',
  createdAt: 'o.created_at',
  updatedAt: 'o.updated_at',
} as const;

/** Output name to SQL over `o`, a row of companies, as whoever asks may see it. */
export const companyColumns = () => ({ ...COLUMNS, customFields: shownFields('companies', 'o.custom_fields') });

const OUTPUTS = [...Object.keys(COLUMNS), 'customFields'];

const FIELDS = {
  id: { type: 'id', column: 'o.id' },
  name: { type: 'text', column: 'o.name', sortable: true, example: 'Blue Mill' },
  domain: { type: 'text', column: 'o.domain', nullable: true, example: 'blue-mill.example' },
  createdBy: { type: 'id', column: 'o.created_by' },
  createdAt: { type: 'instant', column: 'o.created_at', sortable: true },
  updatedAt: { type: 'instant', column: 'o.updated_at', sortable: true },
} as const;

export const CompanyList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: 'name',
  outputs: OUTPUTS,
  resource: 'companies',
  custom: 'o.custom_fields',
};

const TRASHED = { deletedAt: 'o.deleted_at', deletedBy: 'o.deleted_by' } as const;

export const companyTrashColumns = () => ({ ...companyColumns(), ...TRASHED });

export const CompanyTrashList: ListSpec = {
  fields: defineFields({ ...FIELDS, deletedAt: { type: 'instant', column: 'o.deleted_at', sortable: true } }),
  defaultSort: '-deletedAt',
  record: 'companies',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
