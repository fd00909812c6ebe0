import { contentHash } from '@app/responses';
import type { Desk } from './demo-customers.js';
import { demoId, SERIES } from './demo-ids.js';
import { INQUIRIES, openedAt } from './demo-inquiries.js';
import type { DemoTenant } from './demo-people.js';
import type { DemoRow } from './demo-rows.js';

const STATUSES = [
  'draft',
  'pending_approval',
  'sent',
  'rejected',
  'sent',
  'sent',
  'approved',
  'discarded',
  'scheduled',
  'pending_approval',
  'held',
  'failed',
  'sending',
] as const;
type Status = (typeof STATUSES)[number];
const APPROVED: readonly Status[] = ['approved', 'scheduled', 'held', 'sending', 'sent', 'failed'];
const MINUTE = 60_000;

const at = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
const author = (desk: Desk, n: number): string => (n % 2 ? desk.cso2 : desk.cso);
const approver = (desk: Desk, n: number): string => (n % 3 ? desk.manager : desk.manager2);
const text = (n: number): string =>
  `Dear customer,\n\nthank you for waiting. We looked into it (case ${n + 1}) and it is settled.\n\nKind regards\nSupport`;
const responseId = (tenant: DemoTenant, n: number): string => demoId(tenant.index, SERIES.response, n + 1);
const inquiryId = (tenant: DemoTenant, n: number): string => demoId(tenant.index, SERIES.inquiry, n + 1);
const hashOf = (tenant: DemoTenant, n: number): string =>
  contentHash({ inquiryId: inquiryId(tenant, n), message: text(n) });
const iso = (n: number, now: Date, minutes: number): string =>
  new Date(openedAt(n, now).getTime() + minutes * MINUTE).toISOString();

/** One answer an inquiry, in every state there is. */
export function responseRows(tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: INQUIRIES }, (_, n) => {
    const status = at(STATUSES, n);
    const isApproved = APPROVED.includes(status);
    const isSubmitted = isApproved || ['pending_approval', 'rejected'].includes(status);
    const hash = hashOf(tenant, n);
    return {
      id: responseId(tenant, n),
      inquiry_id: inquiryId(tenant, n),
      customer_id: demoId(tenant.index, SERIES.customer, n + 1),
      message: text(n),
      status,
      revision: 1,
      content_hash: hash,
      responded_by: author(desk, n),
      editors: [author(desk, n)],
      submitted_by: isSubmitted ? author(desk, n) : null,
      submitted_at: isSubmitted ? iso(n, now, 30) : null,
      approved_by: isApproved ? approver(desk, n) : null,
      approved_at: isApproved ? iso(n, now, 40) : null,
      approved_hash: isApproved ? hash : null,
      approval_notes: status === 'rejected' ? 'Please name the date.' : null,
      known_customer_messages: 1,
      known_answers: [],
      send_at: status === 'scheduled' ? new Date(now.getTime() + 30 * 24 * 60 * MINUTE).toISOString() : null,
      hold_reason: status === 'held' ? 'customer_replied' : null,
      delivery_state: status === 'sending' ? 'unknown' : null,
      failure_reason: status === 'failed' ? '550 5.1.1 The mailbox does not exist' : null,
      message_id: status === 'sent' ? `<demo-answer-${n + 1}@${tenant.slug}.example>` : null,
      sent_at: status === 'sent' ? iso(n, now, 45) : null,
      version: 1,
      created_at: iso(n, now, 20),
      updated_at: iso(n, now, 45),
    };
  });
}

export const revisionRows = (tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] =>
  Array.from({ length: INQUIRIES }, (_, n) => ({
    id: demoId(tenant.index, SERIES.revision, n + 1),
    response_id: responseId(tenant, n),
    revision: 1,
    message: text(n),
    content_hash: hashOf(tenant, n),
    author_id: author(desk, n),
    at: iso(n, now, 20),
  }));

/** A round of approval for each answer that was ever submitted; those that wait are due when their inquiry is. */
export function approvalRows(tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] {
  return Array.from({ length: INQUIRIES }, (_, n) => n)
    .filter((n) => !['draft', 'discarded'].includes(at(STATUSES, n)))
    .map((n) => {
      const status = at(STATUSES, n);
      const outcome = status === 'pending_approval' ? 'pending' : status === 'rejected' ? 'rejected' : 'approved';
      return {
        id: demoId(tenant.index, SERIES.approval, n + 1),
        subject_kind: 'responses.response',
        subject_id: responseId(tenant, n),
        revision: 1,
        content_hash: hashOf(tenant, n),
        title: `Answer to INQ-${String(INQUIRIES - n).padStart(6, '0')}`,
        team_id: desk.team,
        due_at: new Date(openedAt(n, now).getTime() + 4 * 60 * MINUTE).toISOString(),
        requested_by: author(desk, n),
        excluded: [author(desk, n)],
        status: outcome,
        stage: 1,
        required: 1,
        decided_by: outcome === 'pending' ? null : approver(desk, n),
        decided_at: outcome === 'pending' ? null : iso(n, now, 40),
        notes: outcome === 'rejected' ? 'Please name the date.' : null,
        version: 1,
        created_at: iso(n, now, 30),
        updated_at: iso(n, now, 40),
      };
    });
}

export const decisionRows = (tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] =>
  approvalRows(tenant, desk, now)
    .filter(({ status }) => status !== 'pending')
    .map((request, index) => ({
      id: demoId(tenant.index, SERIES.decision, index + 1),
      request_id: request.id,
      stage: 1,
      revision: 1,
      decision: request.status,
      decided_by: request.decided_by,
      notes: request.notes,
      is_self_approval: false,
      at: request.decided_at,
    }));

const STEPS: Partial<Record<Status, string[]>> = {
  draft: ['drafted'],
  discarded: ['drafted', 'discarded'],
  pending_approval: ['drafted', 'submitted'],
  rejected: ['drafted', 'submitted', 'rejected'],
};

/** What happened to each answer, as its timeline tells it. */
export const stepRows = (tenant: DemoTenant, desk: Desk, now: Date): DemoRow[] =>
  Array.from({ length: INQUIRIES }, (_, n) => n).flatMap((n) => {
    const status = at(STATUSES, n);
    const kinds = STEPS[status] ?? [
      'drafted',
      'submitted',
      'approved',
      ...(['sent', 'held', 'failed', 'scheduled'].includes(status) ? [status] : []),
    ];
    return kinds.map((kind, index) => ({
      id: demoId(tenant.index, SERIES.step, n * 8 + index + 1),
      response_id: responseId(tenant, n),
      customer_id: demoId(tenant.index, SERIES.customer, n + 1),
      kind,
      revision: 1,
      actor_id: ['approved', 'rejected'].includes(kind) ? approver(desk, n) : author(desk, n),
      at: iso(n, now, 20 + index * 10),
      notes: kind === 'rejected' ? 'Please name the date.' : null,
    }));
  });
