import { declaredStateMachines } from '@app/kernel';
import type { DemoLogin, DocumentOptions, LoadedContexts } from '@app/platform';

/** Whom the demo offers to log in as, with the password of DEMO_PASSWORD. */
export const demoLogins: readonly DemoLogin[] = ['cso', 'cso2', 'manager', 'manager2', 'admin', 'senioradmin', 'sales', 'salesmanager', 'hr', 'dev', 'srdev'].map(
  (name) => ({ label: `${name}@demo.example`, email: `${name}@demo.example` }),
);

const INTRODUCTION = `One backend for a company's customer work: who the customers are, what they ask, what is answered, and who approved it.

**Try it out.** In the demo choose "Login as…" above, or call \`POST /api/v1/auth/login\` with
\`{ "email": "cso@demo.example", "password": "Nexus-Demo-1" }\` and paste \`accessToken\` into *Authorize*.
The examples use ids of the demo data, so they work as they stand.

**Conventions.** Errors are RFC 9457 problems with a stable \`code\`. Lists are \`{ data, meta }\`; filters are query keys
(\`status=new,open\`, \`createdAt[gte]=2026-01-01T00:00:00Z\`), \`cursor=\` pages without counting. Every resource has an
\`ETag\`; send it back as \`If-Match\` and a change that you have not seen is never overwritten. \`Idempotency-Key\` makes a
POST safe to repeat.`;

// The reader's journey: who am I, who is the customer, what do they ask, what do we answer, who approves.
const ORDER = ['auth', 'customers', 'inquiries', 'responses', 'approvals', 'mail', 'messaging', 'calendars', 'audit'];
const MACHINES: Record<string, string> = { customers: 'customer', inquiries: 'inquiry', responses: 'response', mail: 'mail', messaging: 'message', approvals: 'approval request' };

export function describeApi(contexts: LoadedContexts, version: string): DocumentOptions {
  const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const tags = [...contexts.all]
    .sort((a, b) => rank(a.name) - rank(b.name))
    .map(({ name, description, permissions }) => ({ name, description: [description, machineOf(name), permissionsOf(permissions)].filter(Boolean).join('\n\n') }));
  return { title: 'Nexus', description: INTRODUCTION, version, tags: [...tags, { name: 'platform', description: 'What is loaded, how it is, what failed.' }] };
}

function machineOf(context: string): string | undefined {
  const machine = declaredStateMachines().get(MACHINES[context] ?? '');
  if (!machine) return undefined;
  const lines = machine.states.map((state) => `${state} → ${machine.transitions[state]?.join(', ') || '(end)'}`);
  return `States:\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

function permissionsOf(groups: LoadedContexts['all'][number]['permissions']): string {
  const rows = groups.flatMap((group) => Object.values(group)).map(({ name, scoped, description }) => `- \`${name}${scoped ? '_own|_team|_all' : ''}\` ${description}`);
  return rows.length ? `Permissions:\n\n${rows.join('\n')}` : '';
}
