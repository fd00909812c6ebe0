import { defineFields, type ListSpec } from '@app/platform';

const OUTPUTS = ['id', 'type', 'title', 'subtitle', 'highlights', 'score', 'createdAt', 'url'];

export const SearchList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'f.id', filterable: false },
    score: { type: 'number', column: 'f.score', sortable: true, filterable: false },
    createdAt: { type: 'instant', column: 'f.created_at', sortable: true, filterable: false },
  }),
  defaultSort: '-score,-createdAt',
  searchable: true,
  outputs: OUTPUTS,
  parameters: {
    types: 'Only these, comma-separated: customers, companies, deals, leads, tasks, projects, inquiries.',
  },
};
