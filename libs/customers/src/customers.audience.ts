import type { defineFields, ListSpec } from '@app/platform';
import { CustomerList } from './customers.list.js';

const { id, lastName, status, createdAt } = CustomerList.fields;

/** How the customers of an audience are paged. */
export const AudienceList: ListSpec = {
  fields: { id, lastName, status, createdAt } as ReturnType<typeof defineFields>,
  defaultSort: '-createdAt',
  record: 'customers',
  outputs: ['id', 'firstName', 'lastName', 'name', 'email', 'phone', 'company', 'status', 'level', 'assignedTo'],
};
