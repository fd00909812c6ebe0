import { declaredStateMachines } from '@app/kernel';
import type { DemoLogin, DocumentOptions, LoadedContexts, PathExamples } from '@app/platform';

/** Whom the demo offers to log in as, with the password of DEMO_PASSWORD. */
export const demoLogins: readonly DemoLogin[] = [
  'cso',
  'cso2',
  'manager',
  'manager2',
  'admin',
  'senioradmin',
  'sales',
  'salesmanager',
  'hr',
  'dev',
  'srdev',
].map((name) => ({ label: `${name}@demo.example`, email: `${name}@demo.example` }));

const INTRODUCTION = `One backend for a company's customer work: who the customers are, what they ask, what is answered, and who approved it.

**Try it out.** In the demo choose "Login as…" above, or call \`POST /api/v1/auth/login\` with
\`{ "email": "cso@demo.example", "password": "Nexus-Demo-1" }\` and paste \`accessToken\` into *Authorize*.
The examples use ids of the demo data, so they work as they stand.

**Conventions.** Errors are RFC 9457 problems with a stable \`code\`. Lists are \`{ data, meta }\`; filters are query keys
(\`status=new,open\`, \`createdAt[gte]=2026-01-01T00:00:00Z\`), \`cursor=\` pages without counting. Every resource has an
\`ETag\`; send it back as \`If-Match\` and a change that you have not seen is never overwritten. \`Idempotency-Key\` makes a
POST safe to repeat.`;

// The demo's ids: kind of record, then its number. The path below says which record suits what is done to it.
const demo = (kind: string, n: number): { id: string } => ({
  id: `01920000-0001-7${kind}-8000-${n.toString(16).padStart(12, '0')}`,
});
const user = (n: number) => demo('001', n);
const customer = (n: number) => demo('004', n);
const inquiry = (n: number) => demo('006', n);
const response = (n: number) => demo('009', n);
const approval = (n: number) => demo('00c', n);
const deal = (n: number) => demo('011', n);
const lead = (n: number) => demo('042', n);
const task = (n: number) => demo('019', n);
const worklog = (n: number) => demo('01b', n);

const EXAMPLES: PathExamples = {
  '/api/v1/users': user(6),
  '/api/v1/users/{id}/deactivate': user(8),
  '/api/v1/teams': { ...demo('002', 1), userId: user(8).id },
  '/api/v1/scim/v2/Users': user(6),
  '/api/v1/scim/v2/Groups': demo('002', 1),
  '/api/v1/scim/v2/ResourceTypes': { name: 'User' },
  '/api/v1/scim/v2/Schemas': { name: 'urn:ietf:params:scim:schemas:core:2.0:User' },
  '/api/v1/scim-groups': demo('002', 1),
  '/api/v1/mailboxes': demo('003', 1),
  '/api/v1/customers': { ...customer(1), pointId: demo('005', 2).id },
  '/api/v1/customers/duplicates': demo('021', 1),
  '/api/v1/customers/duplicates/scans': demo('022', 1),
  '/api/v1/companies': { ...demo('01f', 1), customerId: customer(1).id },
  '/api/v1/inquiries': { ...inquiry(7), messageId: demo('007', 7).id },
  '/api/v1/inquiries/{id}/take': inquiry(1),
  '/api/v1/inquiries/{id}/spam': inquiry(10),
  '/api/v1/inquiries/{id}/resume': inquiry(4),
  '/api/v1/inquiries/{id}/resolve': inquiry(2),
  '/api/v1/inquiries/{id}/close': inquiry(5),
  '/api/v1/inquiries/{id}/reopen': inquiry(6),
  '/api/v1/inquiries/{id}/merge': inquiry(11),
  '/api/v1/inquiries/{id}/unmerge': inquiry(11),
  '/api/v1/inquiries/{id}/snooze': inquiry(12),
  '/api/v1/inquiries/{id}/wake': inquiry(12),
  '/api/v1/inquiries/{id}/watchers': { ...inquiry(7), userId: user(6).id },
  '/api/v1/side-conversations': demo('045', 1),
  '/api/v1/side-conversations/{id}/close': demo('045', 2),
  '/api/v1/side-conversations/{id}/reopen': demo('045', 3),
  '/api/v1/csat': { token: 'demo-survey-of-tenant-1'.padEnd(43, '-') },
  '/api/v1/macros': demo('00e', 1),
  '/api/v1/notes': demo('023', 1),
  '/api/v1/tags': { ...demo('024', 1), recordKind: 'customers', recordId: customer(1).id },
  '/api/v1/files': demo('026', 1),
  '/api/v1/custom-fields': demo('028', 1),
  '/api/v1/views': demo('029', 1),
  '/api/v1/jobs': demo('02d', 1),
  '/api/v1/imports': demo('02e', 1),
  '/api/v1/exports': demo('02f', 1),
  '/api/v1/distribution-rules': { teamId: demo('002', 2).id },
  '/api/v1/deals': deal(1),
  '/api/v1/deals/{id}/lose': deal(4),
  '/api/v1/deals/{id}/win': deal(6),
  '/api/v1/deals/{id}/reopen': deal(5),
  '/api/v1/deals/{id}/restore': deal(39),
  '/api/v1/leads': lead(1),
  '/api/v1/leads/{id}/messages': lead(1),
  '/api/v1/leads/{id}/assign': lead(2),
  '/api/v1/leads/{id}/contact': lead(3),
  '/api/v1/leads/{id}/qualify': lead(4),
  '/api/v1/leads/{id}/convert': lead(5),
  '/api/v1/leads/{id}/disqualify': lead(6),
  '/api/v1/leads/{id}/reopen': lead(7),
  '/api/v1/leads/{id}/merge': lead(8),
  '/api/v1/leads/{id}/unmerge': lead(9),
  '/api/v1/leads/{id}/restore': lead(10),
  '/api/v1/leads/cleanups': demo('044', 1),
  '/api/v1/mail/ignored-senders': demo('043', 1),
  '/api/v1/pipelines': { ...demo('012', 1), stageId: demo('013', 1).id },
  '/api/v1/pipelines/{id}/archive': demo('012', 2),
  '/api/v1/pipelines/{id}/restore': demo('012', 2),
  '/api/v1/pipelines/{id}/stages': { ...demo('012', 1), stageId: demo('013', 3).id },
  '/api/v1/deals/{id}/contacts': { ...deal(1), customerId: customer(4).id },
  '/api/v1/deals/{id}/items': { ...deal(2), itemId: demo('018', 1).id },
  '/api/v1/products': { ...demo('016', 1), priceId: demo('017', 1).id },
  '/api/v1/tax-classes': demo('015', 1),
  '/api/v1/segments': demo('036', 1),
  '/api/v1/exchange-rates': demo('014', 1),
  '/api/v1/responses': response(1),
  '/api/v1/responses/{id}/recall': response(15),
  '/api/v1/responses/{id}/discard': response(27),
  '/api/v1/responses/{id}/approve': response(2),
  '/api/v1/responses/{id}/reject': response(10),
  '/api/v1/responses/{id}/send': response(7),
  '/api/v1/responses/{id}/schedule': response(20),
  '/api/v1/responses/{id}/unschedule': response(9),
  '/api/v1/responses/{id}/cancel': response(22),
  '/api/v1/responses/{id}/release': response(11),
  '/api/v1/responses/{id}/retry': response(12),
  '/api/v1/approvals': approval(23),
  '/api/v1/approvals/{id}/reject': approval(28),
  '/api/v1/approval-policies': { subjectKind: 'responses.response' },
  '/api/v1/tasks': { ...task(1), itemId: demo('01e', 1).id, dependsOnId: task(7).id },
  '/api/v1/tasks/{id}/recurrence': task(3),
  '/api/v1/projects': { ...demo('01c', 1), userId: user(8).id, milestoneId: demo('01a', 2).id },
  '/api/v1/worklogs': worklog(1),
  '/api/v1/worklogs/{id}/reopen': worklog(2),
};

// The reader's journey: who am I, who is the customer, what do they ask, what do we answer, who approves.
const ORDER = [
  'auth',
  'customers',
  'inquiries',
  'responses',
  'approvals',
  'segments',
  'leads',
  'deals',
  'catalog',
  'work',
  'records',
  'search',
  'transfers',
  'mail',
  'messaging',
  'calendars',
  'audit',
];
const MACHINES: Record<string, string> = {
  customers: 'customer',
  inquiries: 'inquiry',
  responses: 'response',
  leads: 'lead',
  deals: 'deal',
  mail: 'mail',
  messaging: 'message',
  approvals: 'approval request',
  work: 'task',
  transfers: 'import',
};

export function describeApi(contexts: LoadedContexts, version: string): DocumentOptions {
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const tags = [...contexts.all]
    .sort((a, b) => rank(a.name) - rank(b.name))
    .map(({ name, description, permissions }) => ({
      name,
      description: [description, machineOf(name), permissionsOf(permissions)].filter(Boolean).join('\n\n'),
    }));
  const platform = { name: 'platform', description: 'What is loaded, how it is, what failed.' };
  return { title: 'Nexus', description: INTRODUCTION, version, tags: [...tags, platform], examples: EXAMPLES };
}

function machineOf(context: string): string | undefined {
  const machine = declaredStateMachines().get(MACHINES[context] ?? '');
  if (!machine) return undefined;
  const lines = machine.states.map((state) => `${state} → ${machine.transitions[state]?.join(', ') || '(end)'}`);
  return `States:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

function permissionsOf(groups: LoadedContexts['all'][number]['permissions']): string {
  const rows = groups
    .flatMap((group) => Object.values(group))
    .map(({ name, scoped, description }) => `- \`${name}${scoped ? '_own|_team|_all' : ''}\` ${description}`);
  return rows.length ? `Permissions:\n\n${rows.join('\n')}` : '';
}
