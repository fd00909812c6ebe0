/** How far a role reaches: nothing, records of its own, of its team at least, or everything. */
type Reach = 'none' | 'own' | 'team' | 'all' | 'granted';

/** What the documents of the source systems say of their roles. Those of ClientForge and CRMFlow state no matrix. */
export const SOURCE_MATRICES: readonly (readonly [source: string, role: string, permission: string, reach: Reach])[] = [
  ['Customer Nexus Hub', 'CSO', 'customers:read', 'own'],
  ['Customer Nexus Hub', 'CSO', 'inquiries:read', 'all'],
  ['Customer Nexus Hub', 'CSO', 'inquiries:update', 'all'],
  ['Customer Nexus Hub', 'CSO', 'responses:create', 'granted'],
  ['Customer Nexus Hub', 'CSO', 'approvals:decide', 'none'],
  ['Customer Nexus Hub', 'Manager', 'customers:read', 'all'],
  ['Customer Nexus Hub', 'Manager', 'inquiries:read', 'all'],
  ['Customer Nexus Hub', 'Manager', 'responses:read', 'all'],
  ['Customer Nexus Hub', 'Manager', 'approvals:decide', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'customers:read', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'customers:update', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'customers:delete', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'customers:purge', 'granted'],
  ['Customer Nexus Hub', 'Administrator', 'inquiries:read', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'inquiries:update', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'responses:read', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'responses:update', 'all'],
  ['Customer Nexus Hub', 'Administrator', 'approvals:decide', 'all'],
  // "Limited access to own customers and tasks", "Team oversight", "Full system access"
  ['Touch CRM', 'Sales Representative', 'customers:read', 'own'],
  ['Touch CRM', 'Sales Representative', 'customers:update', 'own'],
  ['Touch CRM', 'Sales Representative', 'users:create', 'none'],
  ['Touch CRM', 'Sales Manager', 'customers:read', 'all'],
  ['Touch CRM', 'Sales Manager', 'customers:update', 'team'],
  ['Touch CRM', 'Sales Manager', 'users:create', 'none'],
  ['Touch CRM', 'Sales Representative', 'deals:read', 'own'],
  ['Touch CRM', 'Sales Manager', 'deals:read', 'team'],
  ['Touch CRM', 'Administrator', 'deals:read', 'all'],
  ['Touch CRM', 'Administrator', 'users:create', 'granted'],
  ['Touch CRM', 'Administrator', 'roles:manage', 'granted'],
  // "User CRUD (dev only)", and HR sees to people
  ['Operations CRM', 'Senior Dev', 'users:create', 'granted'],
  ['Operations CRM', 'Senior Dev', 'users:update', 'granted'],
  ['Operations CRM', 'Senior Dev', 'users:deactivate', 'granted'],
  ['Operations CRM', 'Senior Admin', 'customers:purge', 'granted'],
  ['Operations CRM', 'HR', 'users:deactivate', 'granted'],
  ['Operations CRM', 'HR', 'customers:read', 'none'],
];
