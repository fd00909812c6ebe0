import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields } from '@app/records';
import { DEAL_STATUSES } from './deal.policy.js';

const COLUMNS = {
  id: 'd.id',
  name: 'd.name',
  pipelineId: 'd.pipeline_id',
  stageId: 'd.stage_id',
  status: 'd.status',
  amount: 'd.amount',
  currency: 'd.currency',
  itemCount: 'd.item_count',
  discountPercent: 'd.discount_percent',
  probability: 'd.probability',
  expectedCloseDate: 'd.expected_close_date',
  customerId: 'd.customer_id',
  companyId: 'd.company_id',
  ownerId: 'd.owner_id',
  teamId: 'd.team_id',
  approval: `d.approval - 'terms'`,
  createdBy: 'd.created_by',
  rank: 'd.rank',
  stageEnteredAt: 'd.stage_entered_at',
  rotsAt: 'd.rots_at',
  closedAt: 'd.closed_at',
  lostReason: 'd.lost_reason',
  version: 'd.version',
  createdAt: 'd.created_at',
  updatedAt: 'd.updated_at',
} as const;

/** Output name to SQL over `d`, a row of deals, as whoever asks may see it. */
export const dealColumns = () => ({ ...COLUMNS, customFields: shownFields('deals', 'd.custom_fields') });

/** The same as the columns of a select. */
export const selectDeal = selectOf(COLUMNS, 'deals', 'd.custom_fields');

const OUTPUTS = [...Object.keys(COLUMNS), 'customFields'];

const FIELDS = {
  id: { type: 'id', column: 'd.id' },
  name: { type: 'text', column: 'd.name', example: 'Yearly contract' },
  pipelineId: { type: 'id', column: 'd.pipeline_id' },
  stageId: { type: 'id', column: 'd.stage_id' },
  status: { type: 'enum', column: 'd.status', values: DEAL_STATUSES, example: 'open' },
  amount: {
    type: 'integer',
    column: 'd.amount',
    nullable: true,
    sortable: true,
    description: 'In minor units of its currency',
    example: 1200000,
  },
  currency: { type: 'text', column: 'd.currency', operators: ['eq', 'ne', 'in', 'nin'], example: 'EUR' },
  probability: { type: 'integer', column: 'd.probability' },
  expectedCloseDate: {
    type: 'date',
    column: 'd.expected_close_date',
    nullable: true,
    sortable: true,
    example: '2027-03-31',
  },
  customerId: { type: 'id', column: 'd.customer_id', nullable: true },
  companyId: { type: 'id', column: 'd.company_id', nullable: true },
  ownerId: { type: 'id', column: 'd.owner_id', nullable: true, description: 'ownerId[null]=true: nobody’s' },
  teamId: { type: 'id', column: 'd.team_id', nullable: true },
  createdBy: { type: 'id', column: 'd.created_by' },
  rank: {
    type: 'text',
    column: 'd.rank',
    sortable: true,
    filterable: false,
    description: 'With `stageId` and `status=open`: a column of the board, from its top',
  },
  rotsAt: {
    type: 'instant',
    column: 'd.rots_at',
    nullable: true,
    description: 'In the past: it has been in its stage for too long',
  },
  closedAt: { type: 'instant', column: 'd.closed_at', nullable: true, sortable: true },
  createdAt: { type: 'instant', column: 'd.created_at', sortable: true, example: '2026-11-02' },
  updatedAt: { type: 'instant', column: 'd.updated_at' },
} as const;

export const DealList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: '-createdAt',
  searchable: true,
  searched: { name: 'd.name' },
  includes: ['customer', 'company', 'owner'],
  outputs: OUTPUTS,
  resource: 'deals',
  custom: 'd.custom_fields',
};

const TRASHED = { deletedAt: 'd.deleted_at', deletedBy: 'd.deleted_by' } as const;

export const trashColumns = () => ({ ...dealColumns(), ...TRASHED });

export const TrashList: ListSpec = {
  fields: defineFields({
    ...FIELDS,
    deletedAt: { type: 'instant', column: 'd.deleted_at', nullable: true, sortable: true },
    deletedBy: { type: 'id', column: 'd.deleted_by', nullable: true },
  }),
  defaultSort: '-deletedAt',
  record: 'deals',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
