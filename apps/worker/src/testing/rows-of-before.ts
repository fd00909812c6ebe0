import { createHash } from 'node:crypto';
import type { Slice } from '@app/platform/testing';

type Client = Pick<Slice['superuser'], 'query'>;
type Row = Readonly<Record<string, unknown>>;

const ON_RECORD = "select set_config('app.actor_id', $1, true), set_config('app.actor_name', 'before', true)";

/** One and the same id for one and the same name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Writes rows as their tables are now: what a row does not name has the default of its column. */
export async function put(client: Client, rows: readonly (readonly [table: string, row: Row])[]): Promise<void> {
  await client.query('begin');
  await client.query(ON_RECORD, [idOf('before')]);
  for (const [table, row] of rows) {
    const columns = Object.keys(row).join(', ');
    await client.query(
      `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1)`,
      [JSON.stringify(row)],
    );
  }
  await client.query('commit');
}

const AT = '2026-01-05T09:00:00.000Z';
const LATER = '2026-01-06T09:00:00.000Z';
const KEY = '\\x01';
const INQUIRY_STATES = ['new', 'open', 'pending_customer', 'on_hold', 'resolved', 'closed', 'spam', 'merged'];
const OUT = ['approved', 'scheduled', 'held', 'sending', 'sent', 'failed'];
const RESPONSE_STATES = ['draft', 'pending_approval', 'rejected', 'discarded', 'waived', ...OUT];
const REQUEST_STATES = ['pending', 'approved', 'rejected', 'recalled', 'superseded', 'waived'];
const MESSAGE_STATES = ['queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled', 'suppressed'];
const MAIL_STATES = ['received', 'parsed', 'routed', 'ignored', 'duplicate', 'quarantined'];

/** What the tables held before 1764000600000, in every state that there was: of two tenants, one of them suspended. */
export const ROWS_OF_BEFORE = ['north', 'south'].flatMap((slug) => rowsOf(slug));

type Ids = {
  readonly slug: string;
  readonly tenant: string;
  readonly ada: string;
  readonly ben: string;
  readonly id: (name: string) => string;
  readonly of: (name: string, row: Row) => Row;
};

function rowsOf(slug: string): (readonly [string, Row])[] {
  const tenant = idOf(slug);
  const id = (name: string): string => idOf(`${slug} ${name}`);
  const of = (name: string, row: Row): Row => ({ tenant_id: tenant, id: id(name), ...row });
  const ids = { slug, tenant, ada: id('ada'), ben: id('ben'), id, of };
  return [...people(ids), ...customersAndInquiries(ids), ...answers(ids), ...approvals(ids), ...post(ids)];
}

function people({ slug, tenant, ada, ben, id, of }: Ids): (readonly [string, Row])[] {
  return [
    [
      'tenants',
      { tenant_id: tenant, id: tenant, slug, title: slug, status: slug === 'north' ? 'active' : 'suspended' },
    ],
    ['users', of('ada', { email: `ada@${slug}.example`, first_name: 'Ada', password_hash: 'x' })],
    ['users', of('ben', { email: `ben@${slug}.example`, first_name: 'Ben', status: 'deactivated' })],
    ['roles', of('role', { name: 'All', grants: ['users:read', 'inquiries:read_all'], mfa_required: true })],
    ['user_roles', { tenant_id: tenant, user_id: ada, role_id: id('role') }],
    ['teams', of('team', { name: 'Desk' })],
    ['team_members', { tenant_id: tenant, team_id: id('team'), user_id: ada, is_lead: true }],
    ...['live', 'revoked'].map((name): [string, Row] => [
      'sessions',
      of(name, {
        ...{ user_id: ada, seed: KEY, rotated_at: AT, started_at: AT, last_used_at: AT, expires_at: LATER },
        ...{ absolute_expires_at: LATER, revoked_at: name === 'revoked' ? AT : null },
      }),
    ]),
    ['totp_factors', of('ada', { secret: 'v1.x', last_step: 1, confirmed_at: AT, created_at: AT })],
    ['service_tokens', of('key', { name: 'Form', prefix: 'nxs_x', key_hash: KEY, grants: [], created_by: ben })],
    ['business_calendars', of('hours', { name: 'Hours', zone: 'UTC', week: {}, is_default: true })],
    ['team_calendars', { tenant_id: tenant, team_id: id('team'), calendar_id: id('hours') }],
  ];
}

function customersAndInquiries(ids: Ids): (readonly [string, Row])[] {
  const { ada, ben, id, of } = ids;
  return [
    ...['lead', 'prospect', 'customer', 'inactive', 'blocked', 'trashed'].map((status): [string, Row] => [
      'customers',
      of(status, {
        ...{ first_name: 'Mira', last_name: status, status: status === 'trashed' ? 'lead' : status, source: 'test' },
        contact_points: [{ id: id(status), kind: 'email', normalized: `${status}@mail.example`, isPrimary: true }],
        ...{ team_id: id('team'), created_by: ada, assigned_to: status === 'lead' ? ben : ada },
        ...(status === 'trashed' && { deleted_at: AT, deleted_by: ada }),
      }),
    ]),
    [
      'customer_consents',
      of('consent', {
        customer_id: id('lead'),
        channel: 'email',
        purpose: 'news',
        granted: true,
        source: 'form',
        recorded_by: ada,
      }),
    ],
    ...INQUIRY_STATES.map((status, index): [string, Row] => ['inquiries', of(status, inquiry(status, index, ids))]),
    ...['in', 'out', 'note'].map((direction, index): [string, Row] => [
      'inquiry_messages',
      of(direction, { inquiry_id: id('open'), seq: index + 1, direction, body: direction, at: AT }),
    ]),
    ['sla_policies', of('policy', { name: 'Usual', position: 1, is_default: true, pauses_in: [], warn_fraction: 0.8 })],
    ...['running', 'paused', 'met', 'breached', 'cancelled'].map((state): [string, Row] => [
      'inquiry_clocks',
      of(state, clock(state, id)),
    ]),
  ];
}

function answers(ids: Ids): (readonly [string, Row])[] {
  const { ben, id, of } = ids;
  return [
    ...RESPONSE_STATES.map((status): [string, Row] => ['responses', of(`${status} answer`, response(status, ids))]),
    [
      'response_revisions',
      of('revision', {
        response_id: id('sent answer'),
        revision: 1,
        message: 'Yes.',
        content_hash: 'h',
        author_id: ben,
        at: AT,
      }),
    ],
    [
      'response_steps',
      of('step', {
        response_id: id('sent answer'),
        customer_id: id('lead'),
        kind: 'sent',
        revision: 1,
        actor_id: ben,
        at: AT,
      }),
    ],
  ];
}

function approvals(ids: Ids): (readonly [string, Row])[] {
  const { ada, ben, id, of } = ids;
  return [
    ['approval_policies', of('rules', { subject_kind: 'responses.response', name: 'Four eyes', rules: [] })],
    ...REQUEST_STATES.map((status): [string, Row] => [
      'approval_requests',
      of(`${status} request`, request(status, ids)),
    ]),
    [
      'approval_decisions',
      of('voice', {
        request_id: id('approved request'),
        stage: 1,
        revision: 1,
        decision: 'approved',
        decided_by: ada,
        at: AT,
      }),
    ],
    [
      'approval_delegations',
      of('absence', { user_id: ada, delegate_id: ben, from_at: AT, until_at: LATER, created_by: ada }),
    ],
  ];
}

function post({ slug, tenant, id, of }: Ids): (readonly [string, Row])[] {
  return [
    ['mailboxes', of('box', { address: `help@${slug}.example`, name: 'Help', team_id: id('team'), is_default: true })],
    ...MAIL_STATES.map((state): [string, Row] => ['mails', of(`${state} mail`, mail(state, id))]),
    ['mail_threads', { tenant_id: tenant, kind: 'number', key: 'INQ-000001', inquiry_id: id('open') }],
    ...MESSAGE_STATES.map((state): [string, Row] => [
      'messages',
      of(`${state} message`, {
        ...{ channel: 'email', purpose: 'transactional', sender: {}, recipients: {}, subject: 'x', text: 'x', state },
        ...{ message_id: `<${state}@${slug}.example>`, about_kind: 'x', about_id: id(state), not_before: AT },
        ...(state === 'sending' && { fence: id(state), lease_until: LATER }),
        ...(state === 'sent' && { sent_at: AT }),
      }),
    ]),
  ];
}

function inquiry(status: string, index: number, { id, ada, ben }: Ids): Row {
  return {
    ...{ number: index + 1, customer_id: id('lead'), subject: 'Where?', message: 'Late.', status, priority: 'high' },
    ...{ channel: 'email', team_id: id('team'), created_by: ada, assigned_to: status === 'closed' ? ben : ada },
    ...{ message_count: 1, customer_message_count: 1, last_customer_message_at: AT },
    ...(status === 'spam' && { status_before_spam: 'on_hold', snoozed_until: LATER, hold_reason: 'Snoozed' }),
    ...(status === 'on_hold' && { hold_reason: 'Snoozed', snoozed_until: LATER }),
    ...(status === 'merged' && { status_before_merge: 'resolved', merged_into: id('open'), merged_at: AT }),
  };
}

function clock(state: string, id: Ids['id']): Row {
  const isOpen = state === 'running' || state === 'paused';
  return {
    ...{
      inquiry_id: id('open'),
      kind: state === 'paused' ? 'resolution' : 'first_response',
      state,
      policy_id: id('policy'),
    },
    ...{ target: 60, warn_fraction: 0.8, used_seconds: 1, started_at: AT, warn_at: AT, due_at: LATER },
    ...(isOpen ? { [`${state}_since`]: AT } : { stopped_at: LATER }),
    ...(state === 'breached' && { breached_at: LATER, warned_at: AT }),
  };
}

function response(status: string, { id, ada, ben }: Ids): Row {
  const isOut = OUT.includes(status) || status === 'waived';
  return {
    ...{ inquiry_id: id('open'), customer_id: id('lead'), message: 'Yes.', revision: 1, content_hash: 'h' },
    ...{ status: status === 'waived' ? 'approved' : status, responded_by: ben, editors: [ben], submitted_by: ben },
    ...(isOut && { approved_at: AT, approved_hash: 'h', approved_by: status === 'waived' ? null : ada }),
    ...(status === 'waived' && { waived_by_rule: 'Small' }),
    ...(status === 'sent' && { sent_at: AT }),
    ...(status === 'scheduled' && { send_at: LATER }),
    ...(status === 'held' && { hold_reason: 'customer_wrote' }),
  };
}

function request(status: string, { id, ada, ben }: Ids): Row {
  const isDecided = status === 'approved' || status === 'rejected';
  return {
    ...{ subject_kind: 'responses.response', subject_id: id(`${status} answer`), revision: 1, content_hash: 'h' },
    ...{ title: 'INQ-000001', requested_by: ben, excluded: [ben], status, named: status === 'pending' ? [ada] : [] },
    ...(isDecided && { decided_by: ada, decided_at: AT, notes: 'Seen.' }),
    ...(status === 'waived' && { policy: { stages: [] } }),
  };
}

function mail(state: string, id: Ids['id']): Row {
  return {
    ...{ mailbox_id: id('box'), raw_hash: createHash('sha256').update(id(state)).digest('hex'), size: 1, state },
    received_at: AT,
    ...(state === 'duplicate' && { duplicate_of: id('parsed mail') }),
    ...(state === 'quarantined' && { quarantine_reason: 'too_large' }),
    ...(state === 'routed' && { decision: 'new', decided_at: AT, inquiry_id: id('open') }),
  };
}
