/** A role as a new tenant gets it. `everything`: all that the loaded contexts declare. From then on it is the tenant's own. */
export type RoleBundle = { readonly name: string; readonly description: string } & (
  { readonly grants: readonly string[] } | { readonly everything: true }
);

const COLLEAGUES = ['users:read', 'teams:read', 'calendars:read'];

/** What everybody has to do, and the time it took. */
const OWN_WORK = [
  'tasks:create',
  'tasks:read_own',
  'tasks:update_own',
  'tasks:delete_own',
  'projects:read_own',
  'worklogs:create',
  'worklogs:read_own',
  'worklogs:update_own',
];

const FRONT_DESK = [
  ...COLLEAGUES,
  ...OWN_WORK,
  'companies:create',
  'companies:read',
  'companies:update',
  'customers:create',
  'customers:update_own',
  'inquiries:read_all',
  'inquiries:create',
  'inquiries:update_all',
  'inquiries:assign_own',
  'inquiries:take',
  'responses:create',
  'responses:read_own',
  'responses:update_own',
  'responses:submit',
  'responses:send',
  'responses:discard',
  'approvals:read_own',
  'macros:read',
  'files:read',
  'files:write',
  'notes:read',
  'notes:write',
  'tags:read',
  'tags:apply',
  'mail:read_team',
];

const SELLING = [
  ...FRONT_DESK,
  ...['deals:create', 'deals:read_own', 'deals:update_own', 'deals:assign_own'],
  ...['pipelines:read', 'catalog:read', 'exchange-rates:read'],
  ...['customers:read_own', 'customers:assign_own', 'customers:export'],
  ...['projects:create', 'projects:update_own'],
];

const LEADING = [
  ...COLLEAGUES,
  'roles:read',
  'companies:create',
  'companies:delete',
  'companies:read',
  'companies:restore',
  'companies:update',
  'customers:create',
  'customers:assign_all',
  'customers:export',
  'imports:run',
  'deals:create',
  'pipelines:read',
  'catalog:read',
  'exchange-rates:read',
  'inquiries:create',
  'inquiries:take',
  'responses:create',
  'responses:submit',
  'responses:send',
  'responses:discard',
  'macros:read',
  'files:read',
  'files:write',
  'notes:read',
  'notes:write',
  'tags:read',
  'tags:apply',
  'mailboxes:read',
  'sla-policies:read',
  'tasks:create',
  'projects:create',
  'worklogs:create',
];

const RUNNING = [
  'audit:read',
  'audit:verify',
  'calendars:manage',
  'mail:ingest',
  'mail:manage',
  'mail:read_all',
  'mailboxes:manage',
  'mailboxes:read',
  'messages:read',
  'messages:retry',
  'queues:manage',
  'service-tokens:manage',
  'sla-policies:manage',
  'sla-policies:read',
  'suppressions:manage',
  'suppressions:read',
];

/** The roles of the source systems. CSO, Manager and Administrator follow the matrix of Customer Nexus Hub. */
export const ROLE_BUNDLES: readonly RoleBundle[] = [
  {
    name: 'CSO',
    description: 'Customer service: answers inquiries, with own customers. Approves nothing.',
    grants: [...FRONT_DESK, 'customers:read_own'],
  },
  {
    name: 'Sales Representative',
    description: 'Sells to own customers.',
    grants: SELLING,
  },
  {
    name: 'Sales Manager',
    description: 'Leads a sales team and decides on its answers.',
    grants: [
      ...LEADING,
      ...[
        'customers:read_all',
        'customers:update_team',
        'customers:delete_team',
        'customers:restore',
        'customers:merge',
      ],
      ...['inquiries:read_all', 'inquiries:update_team', 'inquiries:assign_team', 'macros:manage_team'],
      ...['deals:read_team', 'deals:update_team', 'deals:assign_team', 'deals:reopen_team', 'deals:delete_team'],
      ...['tasks:read_team', 'tasks:update_team', 'tasks:delete_team', 'projects:read_team', 'projects:update_team'],
      ...['worklogs:read_team', 'worklogs:update_team', 'worklogs:approve_team'],
      'tags:manage',
      ...[
        'responses:read_team',
        'responses:update_own',
        'approvals:read_team',
        'approvals:decide_team',
        'messages:read',
        'mail:read_team',
      ],
    ],
  },
  {
    name: 'Manager',
    description: 'Sees everything about customers and approves answers.',
    grants: [
      ...LEADING,
      ...['customers:read_all', 'customers:update_all', 'customers:delete_all', 'customers:restore', 'customers:merge'],
      ...[
        'inquiries:read_all',
        'inquiries:update_all',
        'inquiries:assign_all',
        'inquiries:delete',
        'inquiries:distribute',
        'inquiries:export',
      ],
      'macros:manage_all',
      ...['deals:read_all', 'deals:update_all', 'deals:assign_all', 'deals:reopen_all', 'deals:delete_all'],
      ...['pipelines:manage', 'exchange-rates:manage', 'catalog:manage'],
      ...['tasks:read_all', 'tasks:update_all', 'tasks:delete_all', 'projects:read_all', 'projects:update_all'],
      ...['worklogs:read_all', 'worklogs:update_all', 'worklogs:approve_all'],
      'files:moderate',
      'notes:moderate',
      'tags:manage',
      ...[
        'responses:read_all',
        'responses:update_all',
        'approvals:read_all',
        'approvals:decide_all',
        'approvals:manage',
      ],
      ...['messages:read', 'mail:read_all', 'sla-policies:manage', 'audit:read', 'teams:manage'],
    ],
  },
  { name: 'Administrator', description: 'Everything.', everything: true },
  { name: 'Senior Admin', description: 'Everything.', everything: true },
  {
    name: 'Dev',
    description: 'Keeps the system running; reads customers only as far as the work needs.',
    grants: [
      ...COLLEAGUES,
      ...OWN_WORK,
      ...RUNNING,
      'roles:read',
      'companies:read',
      'customers:read_own',
      'inquiries:read_all',
    ],
  },
  {
    name: 'Senior Dev',
    description: 'Keeps the system running and manages who may come in.',
    grants: [
      ...COLLEAGUES,
      ...OWN_WORK,
      ...RUNNING,
      ...[
        'users:create',
        'users:update',
        'users:deactivate',
        'users:hand-over',
        'roles:read',
        'roles:manage',
        'teams:manage',
        'tenants:manage',
        'authz:explain',
      ],
      ...[
        'companies:read',
        'customers:read_all',
        'inquiries:read_all',
        'responses:read_all',
        'approvals:read_all',
        'deals:read_all',
      ],
    ],
  },
  {
    name: 'HR',
    description: 'Brings people in and sees them out.',
    grants: [
      ...COLLEAGUES,
      ...OWN_WORK,
      ...['users:create', 'users:update', 'users:deactivate', 'users:hand-over', 'roles:read', 'teams:manage'],
    ],
  },
];

/** Nobody holds more by a bundle than was written down for it, apart from those that hold everything. */
export const grantsOfBundle = (bundle: RoleBundle, everything: readonly string[]): string[] =>
  'everything' in bundle ? [...everything] : [...new Set(bundle.grants)].sort();
