import { createHash } from 'node:crypto';
import { CUSTOMERS, type Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const STATUSES = [
  'new',
  'open',
  'pending_customer',
  'on_hold',
  'resolved',
  'closed',
  'open',
  'spam',
  'pending_customer',
  'new',
] as const;
const PRIORITIES = ['normal', 'high', 'low', 'urgent'] as const;
const CATEGORIES = ['delivery', 'billing', 'booking', 'complaint', null];
const SUBJECTS = [
  'Where is my order?',
  'Invoice shows the wrong address',
  'Can I move my booking?',
  'The room was not as described',
  'Question about loyalty points',
];

export const INQUIRIES = 200;
const HOUR = 3_600_000;
const TARGETS = { first_response: 4 * 3600, next_response: 8 * 3600, resolution: 24 * 3600 };

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

/** Where the answer of the n-th inquiry stands decides where the inquiry stands; see demo-responses. */
export const statusOf = (n: number): (typeof STATUSES)[number] => at(STATUSES, n);

/** Newest first: the first is an hour old, each next one some hours more. */
export const openedAt = (n: number, now: Date): Date => new Date(now.getTime() - HOUR - n * 5 * HOUR);

export function inquiryRows(tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: INQUIRIES }, (_, n) => {
    const status = statusOf(n);
    const opened = openedAt(n, now);
    const isAnswered = ['pending_customer', 'resolved', 'closed'].includes(status);
    const settledAt = new Date(opened.getTime() + 3 * HOUR).toISOString();
    const due = dueAt(status, opened);
    return {
      id: demoId(tenant.index, SERIES.inquiry, n + 1),
      number: INQUIRIES - n,
      customer_id: demoId(tenant.index, SERIES.customer, (n % CUSTOMERS) + 1),
      subject: at(SUBJECTS, n),
      message: messageOf(n),
      status,
      status_before_spam: status === 'spam' ? 'new' : null,
      hold_reason: status === 'on_hold' ? 'Waiting for the carrier' : null,
      priority: at(PRIORITIES, n),
      category: at(CATEGORIES, n),
      channel: 'email',
      assigned_to: status === 'new' || status === 'spam' ? null : at([desk.cso, desk.cso2], n),
      team_id: desk.team,
      created_by: desk.admin,
      reopen_count: n % 9 === 1 ? 1 : 0,
      message_count: isAnswered ? 2 : 1,
      customer_message_count: 1,
      last_customer_message_at: opened.toISOString(),
      awaits_answer_since: isAnswered || status === 'spam' ? null : opened.toISOString(),
      first_responded_at: isAnswered ? settledAt : null,
      resolved_at: ['resolved', 'closed'].includes(status) ? settledAt : null,
      closed_at: status === 'closed' ? settledAt : null,
      due_at: due?.toISOString() ?? null,
      created_at: opened.toISOString(),
      updated_at: opened.toISOString(),
    };
  });
}

const messageOf = (n: number): string =>
  `Hello,\n\n${at(SUBJECTS, n)} I have been waiting since last week.\n\nKind regards`;

/** Working hours are left out of the demo's deadlines: they count real hours. */
function dueAt(status: string, opened: Date): Date | null {
  if (status === 'new' || status === 'open') return new Date(opened.getTime() + TARGETS.first_response * 1000);
  return null;
}

export function messageRows(tenant: DemoTenant, now: Date): DemoRow[] {
  return Array.from({ length: INQUIRIES }, (_, n) => ({
    id: demoId(tenant.index, SERIES.message, n + 1),
    inquiry_id: demoId(tenant.index, SERIES.inquiry, n + 1),
    seq: 1,
    direction: 'in',
    author_name: 'Customer',
    author_address: null,
    message_id: `<demo-${n + 1}@customers.example>`,
    refs: [],
    subject: at(SUBJECTS, n),
    body: messageOf(n),
    attachments: [],
    is_automatic: false,
    at: openedAt(n, now).toISOString(),
  }));
}

/** One clock an inquiry that still waits: running while it is ours, broken when its time has passed. */
export function clockRows(tenant: DemoTenant, desk: Desk, policyId: string, now: Date): DemoRow[] {
  return Array.from({ length: INQUIRIES }, (_, n) => n)
    .filter((n) => ['new', 'open'].includes(statusOf(n)))
    .map((n) => {
      const opened = openedAt(n, now);
      const due = new Date(opened.getTime() + TARGETS.first_response * 1000);
      const warn = new Date(opened.getTime() + TARGETS.first_response * 800);
      const isBroken = due <= now;
      return {
        id: demoId(tenant.index, SERIES.clock, n + 1),
        inquiry_id: demoId(tenant.index, SERIES.inquiry, n + 1),
        kind: 'first_response',
        state: isBroken ? 'breached' : 'running',
        policy_id: policyId,
        calendar_id: null,
        team_id: desk.team,
        target: TARGETS.first_response,
        warn_fraction: 0.8,
        used_seconds: 0,
        running_since: opened.toISOString(),
        paused_since: null,
        paused_seconds: 0,
        due_at: due.toISOString(),
        warn_at: warn.toISOString(),
        warned_at: warn <= now ? warn.toISOString() : null,
        breached_at: isBroken ? due.toISOString() : null,
        started_at: opened.toISOString(),
        stopped_at: null,
        version: 1,
        created_at: opened.toISOString(),
        updated_at: opened.toISOString(),
      };
    });
}

/** A canned answer of everybody's. */
export const macroRows = (tenant: DemoTenant, { manager }: Desk): DemoRow[] => [
  {
    id: demoId(tenant.index, SERIES.macro, 1),
    name: 'Parcel is late',
    body: 'Dear {{customer.firstName}},\n\nyour parcel is late, and we look after it: {{inquiry.number}}.\n\n{{agent.name}}',
    team_id: null,
    created_by: manager,
    writers: [manager],
  },
];

/** How the team that is yet to be staffed will share its inquiries. */
export const distributionRows = (tenant: DemoTenant): DemoRow[] => [
  {
    id: demoId(tenant.index, SERIES.team, 2),
    strategy: 'least_loaded',
    capacity: 20,
    needs_skill: false,
    keeps_hours: true,
    members: [],
  },
];

/** Of an inquiry that is over, by a link whose token the documentation knows; the second tenant has another. */
export const surveyRows = (tenant: DemoTenant, now: Date): DemoRow[] => {
  const token = `demo-survey-of-tenant-${tenant.index}`.padEnd(43, '-');
  return [
    {
      id: demoId(tenant.index, SERIES.survey, 1),
      inquiry_id: demoId(tenant.index, SERIES.inquiry, 5),
      token_hash: `\\x${createHash('sha256').update(token).digest('hex')}`,
      asked_at: now.toISOString(),
      expires_at: new Date(now.getTime() + 30 * 86_400_000).toISOString(),
      version: 1,
    },
  ];
};

/** Somebody who watches an inquiry. */
export const watcherRows = (tenant: DemoTenant, { manager2, manager }: Desk): DemoRow[] => [
  {
    id: demoId(tenant.index, SERIES.watcher, 1),
    inquiry_id: demoId(tenant.index, SERIES.inquiry, 7),
    user_id: manager2,
    added_by: manager,
  },
];
