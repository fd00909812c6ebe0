import { definePermissions, StateMachine } from '@app/kernel';

export const CustomerPermissions = definePermissions('customers', {
  read: { description: 'See customers', scoped: true },
  create: 'Create customers',
  update: { description: 'Change customers, their contact points, status and consents', scoped: true },
  assign: { description: 'Give customers to colleagues', scoped: true },
  delete: { description: 'Put customers into the trash', scoped: true },
  restore: 'See the trash and take customers out of it',
  purge: 'Delete customers for good',
  export: 'Export customers',
  merge: 'Find customers who are one person, and make one of two',
  manageRequirements: 'Say what customers must have to come into a status',
  pinLevel: 'Hold the level of customers up for a while',
});

export const CUSTOMER_STATUSES = ['lead', 'prospect', 'customer', 'inactive', 'blocked'] as const;
export type CustomerStatus = (typeof CUSTOMER_STATUSES)[number];

/** Nobody becomes a lead again, and who was blocked comes back as inactive: somebody decides anew. */
export const CUSTOMER_STATUS = new StateMachine<CustomerStatus>('customer', 'lead', {
  lead: ['prospect', 'customer', 'inactive', 'blocked'],
  prospect: ['customer', 'inactive', 'blocked'],
  customer: ['inactive', 'blocked'],
  inactive: ['prospect', 'customer', 'blocked'],
  blocked: ['inactive'],
});

/** In which a record may begin. */
export const FIRST_STATUSES = ['lead', 'prospect', 'customer'] as const satisfies readonly CustomerStatus[];
export type FirstStatus = (typeof FIRST_STATUSES)[number];

export const CUSTOMER_LEVELS = ['bronze', 'silver', 'gold', 'platinum'] as const;
export type CustomerLevel = (typeof CUSTOMER_LEVELS)[number];
