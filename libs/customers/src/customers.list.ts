import { defineFields, type ListSpec } from '@app/platform';
import { selectOf, shownFields, tagField } from '@app/records';
import { CUSTOMER_LEVELS, CUSTOMER_STATUSES } from './customer.policy.js';
import { PREFERRED_CHANNELS } from './person/person.js';

const COLUMNS = {
  id: 'c.id',
  firstName: 'c.first_name',
  lastName: 'c.last_name',
  email: 'c.email',
  phone: 'c.phone',
  company: 'c.company',
  birthday: 'c.birthday',
  timeZone: 'c.time_zone',
  language: 'c.language',
  preferredChannel: 'c.preferred_channel',
  quietHours: 'c.quiet_hours',
  status: 'c.status',
  level: 'c.level',
  levelPin: 'c.level_pin',
  metadata: 'c.metadata',
  source: 'c.source',
  teamId: 'c.team_id',
  referredBy: 'c.referred_by',
  createdBy: 'c.created_by',
  assignedTo: 'c.assigned_to',
  contactPoints: 'c.contact_points',
  version: 'c.version',
  createdAt: 'c.created_at',
  updatedAt: 'c.updated_at',
} as const;

/** Output name to SQL over `c`, a row of customers, as whoever asks may see it. */
export const customerColumns = () => ({ ...COLUMNS, customFields: shownFields('customers', 'c.custom_fields') });

export const selectCustomer = selectOf(COLUMNS, 'customers', 'c.custom_fields');

const OUTPUTS = [...Object.keys(COLUMNS), 'customFields'];

/** Whose birthday it is, whatever the year. */
const birthdayPart = (part: 'month' | 'day') =>
  ({
    type: 'integer',
    column: `extract(${part} from c.birthday)::int`,
    nullable: true,
    operators: ['eq', 'in', 'null'],
  }) as const;

const FIELDS = {
  id: { type: 'id', column: 'c.id' },
  firstName: { type: 'text', column: 'c.first_name', example: 'Mira' },
  lastName: { type: 'text', column: 'c.last_name', sortable: true, example: 'Okafor' },
  email: {
    type: 'text',
    column: 'c.email',
    nullable: true,
    description: 'Primary address, lower case',
    example: 'mira@okafor.example',
  },
  phone: {
    type: 'text',
    column: 'c.phone',
    nullable: true,
    description: 'Primary number, E.164',
    example: '+4930123456',
  },
  company: { type: 'text', column: 'c.company', nullable: true, example: 'Okafor Logistics' },
  birthday: { type: 'date', column: 'c.birthday', nullable: true, example: '1986-05-17' },
  birthdayMonth: { ...birthdayPart('month'), description: '1 to 12', example: 5 },
  birthdayDay: { ...birthdayPart('day'), description: 'Of the month', example: 17 },
  timeZone: { type: 'text', column: 'c.time_zone', nullable: true, description: 'IANA', example: 'Europe/Berlin' },
  language: { type: 'text', column: 'c.language', nullable: true, description: 'BCP 47', example: 'de-AT' },
  preferredChannel: {
    type: 'enum',
    column: 'c.preferred_channel',
    nullable: true,
    values: PREFERRED_CHANNELS,
    example: 'email',
  },
  status: { type: 'enum', column: 'c.status', values: CUSTOMER_STATUSES, example: 'lead' },
  level: { type: 'enum', column: 'c.level', nullable: true, values: CUSTOMER_LEVELS, example: 'gold' },
  levelPinned: {
    type: 'boolean',
    column: '(c.level_pin is not null)',
    description: 'Whether somebody holds the level up',
    example: true,
  },
  source: { type: 'text', column: 'c.source', example: 'mail' },
  teamId: { type: 'id', column: 'c.team_id', nullable: true },
  referredBy: { type: 'id', column: 'c.referred_by', nullable: true, description: 'Who brought the customer' },
  createdBy: { type: 'id', column: 'c.created_by' },
  assignedTo: { type: 'id', column: 'c.assigned_to', nullable: true, example: '01920000-0001-7001-8000-000000000006' },
  tag: tagField('customers', 'c.id'),
  createdAt: { type: 'instant', column: 'c.created_at', sortable: true, example: '2026-11-02' },
  updatedAt: { type: 'instant', column: 'c.updated_at', sortable: true },
} as const;

export const CustomerList: ListSpec = {
  fields: defineFields(FIELDS),
  defaultSort: '-createdAt',
  searchable: true,
  searched: {
    ...{ firstName: 'c.first_name', lastName: 'c.last_name', company: 'c.company' },
    ...{ email: 'c.email', phone: 'c.phone' },
  },
  outputs: OUTPUTS,
  resource: 'customers',
  custom: 'c.custom_fields',
};

const TRASHED = {
  deletedAt: 'c.deleted_at',
  deletedBy: 'c.deleted_by',
  deletedBecause: 'c.deleted_because',
} as const;

export const trashColumns = () => ({ ...customerColumns(), ...TRASHED });

export const TrashList: ListSpec = {
  fields: defineFields({
    ...FIELDS,
    deletedAt: { type: 'instant', column: 'c.deleted_at', sortable: true },
    deletedBy: { type: 'id', column: 'c.deleted_by' },
  }),
  defaultSort: '-deletedAt',
  record: 'customers',
  outputs: [...OUTPUTS, ...Object.keys(TRASHED)],
};
