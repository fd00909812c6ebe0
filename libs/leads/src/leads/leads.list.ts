import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields } from '@app/records';
import { LEAD_STATUSES } from './lead.policy.js';

// Dates of JSON are text; written as the API writes every other.
const NEXT_ACTION = `case when l.next_action is not null then jsonb_build_object('what', l.next_action,
  'dueAt', to_char(l.next_action_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end`;

const COLUMNS = {
  id: 'l.id',
  name: 'l.name',
  email: 'l.email',
  phone: 'l.phone',
  company: 'l.company',
  subject: 'l.subject',
  message: 'l.message',
  source: 'l.source',
  utm: 'l.utm',
  mailHash: 'l.mail_hash',
  status: 'l.status',
  reason: 'l.reason',
  ownerId: 'l.owner_id',
  teamId: 'l.team_id',
  nextAction: NEXT_ACTION,
  customerId: 'l.customer_id',
  companyId: 'l.company_id',
  dealId: 'l.deal_id',
  convertedAt: 'l.converted_at',
  duplicateOf: 'l.duplicate_of',
  createdBy: 'l.created_by',
  version: 'l.version',
  createdAt: 'l.created_at',
  updatedAt: 'l.updated_at',
} as const;

/** Output name to SQL over `l`, a row of leads, as whoever asks may see it. */
export const leadColumns = () => ({ ...COLUMNS, customFields: shownFields('leads', 'l.custom_fields') });

/** The same as the columns of a select. */
export const selectLead = selectOf(COLUMNS, 'leads', 'l.custom_fields');

const OUTPUTS = [...Object.keys(COLUMNS), 'customFields'];
const utm = (name: string) =>
  ({
    type: 'text',
    column: `l.utm->>'${name}'`,
    nullable: true,
    operators: ['eq', 'ne', 'in', 'nin', 'null'],
  }) as const;

const FIELDS = {
  id: { type: 'id', column: 'l.id' },
  name: { type: 'text', column: 'l.name', example: 'Noor Haddad' },
  email: { type: 'text', column: 'l.email', nullable: true, example: 'noor@haddad.example' },
  phone: { type: 'text', column: 'l.phone', nullable: true, example: '+4930901820' },
  company: { type: 'text', column: 'l.company', nullable: true, example: 'Haddad Freight' },
  source: { type: 'text', column: 'l.source', operators: ['eq', 'ne', 'in', 'nin'], example: 'mail' },
  utmSource: utm('source'),
  utmCampaign: utm('campaign'),
  status: { type: 'enum', column: 'l.status', values: LEAD_STATUSES, example: 'new' },
  ownerId: { type: 'id', column: 'l.owner_id', nullable: true, description: 'ownerId[null]=true: nobody’s' },
  teamId: { type: 'id', column: 'l.team_id', nullable: true },
  customerId: { type: 'id', column: 'l.customer_id', nullable: true },
  dealId: { type: 'id', column: 'l.deal_id', nullable: true },
  duplicateOf: { type: 'id', column: 'l.duplicate_of', nullable: true },
  createdBy: { type: 'id', column: 'l.created_by' },
  nextActionAt: {
    type: 'instant',
    column: 'l.next_action_at',
    nullable: true,
    sortable: true,
    description: 'By when the next action is due',
  },
  convertedAt: { type: 'instant', column: 'l.converted_at', nullable: true, sortable: true },
  createdAt: { type: 'instant', column: 'l.created_at', sortable: true, example: '2026-11-02' },
  updatedAt: { type: 'instant', column: 'l.updated_at' },
} as const;

export const LeadList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: '-createdAt',
  searchable: true,
  searched: { name: 'l.name', company: 'l.company', subject: 'l.subject', email: 'l.email', phone: 'l.phone' },
  includes: ['customer', 'owner'],
  outputs: OUTPUTS,
  resource: 'leads',
  custom: 'l.custom_fields',
};

const TRASHED = { deletedAt: 'l.deleted_at', deletedBy: 'l.deleted_by' } as const;

export const trashColumns = () => ({ ...leadColumns(), ...TRASHED });

export const TrashList: ListSpec = {
  fields: defineFields({
    ...FIELDS,
    deletedAt: { type: 'instant', column: 'l.deleted_at', nullable: true, sortable: true },
    deletedBy: { type: 'id', column: 'l.deleted_by', nullable: true },
  }),
  defaultSort: '-deletedAt',
  record: 'leads',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
