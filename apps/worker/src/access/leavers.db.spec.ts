import { OwnershipPort, Ports } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';

/**
 * What becomes of each column that may name a person, when that person leaves:
 * - `passes`: a hand-over makes it a colleague's (`Ownership`), and what nobody was given is released where it must go on
 * - `idle`: it stays for the day they come back, and does nothing while the account is closed
 * - `ends`: the deactivation ends it
 * - `history`: who did it, which no leaving changes
 */
const DECIDED: Readonly<Record<'passes' | 'idle' | 'ends' | 'history', readonly string[]>> = {
  passes: [
    ...['approval_requests.named', 'customers.assigned_to', 'inquiries.assigned_to', 'responses.responded_by'],
    ...['deals.owner_id', 'leads.owner_id', 'projects.owner_id', 'projects.members', 'project_members.user_id'],
    'saved_views.owner_id',
    ...['tasks.assignees', 'task_assignees.assigned_to', 'task_recurrences.assignees'],
  ],
  idle: [
    ...['approval_delegations.user_id', 'team_members.user_id', 'user_roles.user_id'],
    ...['inquiry_messages.named', 'inquiry_watchers.user_id', 'known_devices.user_id', 'view_defaults.user_id'],
    // as people wrote it: nobody is somebody's by it
    'companies.custom_fields',
    ...['inquiries.custom_fields', 'projects.custom_fields', 'tasks.custom_fields'],
    ...['customers.custom_fields', 'deals.custom_fields', 'leads.custom_fields', 'saved_views.where'],
    ...['passkeys.user_id', 'recovery_codes.user_id', 'totp_factors.id', 'sso_identities.user_id'],
    'scim_users.user_id', // what a directory said of them
    // asked for by who may decide now: `called-upon`
    ...['approval_requests.approver_ids', 'approval_requests.relief_users'],
    // named by rules, which pass them over: a policy's at the next submission, a team's at the next distribution
    ...['approval_policies.rules', 'distribution_rules.members', 'segments.condition'],
  ],
  ends: [
    ...[
      'sessions.user_id',
      'sessions.impersonator_id',
      'sessions.impersonator_session_id',
      'sso_attempts.link_user_id',
      'password_resets.user_id',
      'mfa_challenges.user_id',
    ],
    'approval_delegations.delegate_id',
  ],
  history: [
    ...['approval_decisions.decided_by', 'approval_decisions.on_behalf_of', 'approval_delegations.created_by'],
    ...['approval_requests.decided', 'approval_requests.decided_by', 'approval_requests.excluded'],
    ...['approval_requests.policy', 'approval_requests.replaced', 'approval_requests.requested_by'],
    ...[
      'audit_log.actor_id',
      'audit_log.impersonator_id',
      'audit_log.before',
      'audit_log.after',
      'outbox.actor_id',
      'outbox.payload',
    ],
    ...['customer_consents.recorded_by', 'customers.created_by', 'customers.deleted_by', 'customers.level_pin'],
    ...['distributions.assigned_to', 'distributions.candidates'],
    ...['inquiries.created_by', 'inquiries.deleted_by', 'inquiry_escalations.told', 'inquiry_links.created_by'],
    ...[
      'inquiry_messages.author_id',
      'inquiry_messages.writers',
      'inquiry_watchers.added_by',
      'macros.created_by',
      'macros.writers',
    ],
    ...['response_revisions.author_id', 'response_steps.actor_id', 'responses.approved_by', 'responses.editors'],
    // the key goes on, as the tenant's; `GET /service-tokens?createdBy=` finds what a leaver has seen
    ...['responses.submitted_by', 'service_tokens.created_by'],
    ...[
      'custom_fields.created_by',
      'companies.created_by',
      'companies.deleted_by',
      'company_contacts.created_by',
      'customer_duplicates.dismissed_by',
    ],
    ...['customer_duplicate_scans.started_by', 'customer_merges.merged_by', 'customer_merges.undone_by'],
    // as the customers were, whoever they were of
    ...['customer_merges.survivor_before', 'customer_merges.survivor_after'],
    ...['ignored_senders.created_by', 'leads.created_by', 'leads.deleted_by'],
    ...['lead_cleanups.started_by', 'lead_cleanups.undone_by', 'lead_merges.merged_by', 'lead_merges.undone_by'],
    // as the leads were, whoever they were of
    ...['lead_merges.before', 'lead_merges.after'],
    // the forecast of a day is that of whoever had the deals on that day
    ...['side_conversations.started_by', 'side_messages.author_id'],
    ...['deal_contacts.created_by', 'forecast_snapshots.owner_id'],
    ...['deal_moves.moved_by', 'deals.created_by', 'deals.deleted_by', 'exchange_rates.created_by'],
    ...[
      'product_prices.created_by',
      'projects.created_by',
      'segments.created_by',
      'task_recurrences.created_by',
      'tasks.created_by',
    ],
    ...['tasks.deleted_by', 'worklogs.approved_by', 'worklogs.user_id'],
    ...[
      'files.created_by',
      'file_versions.created_by',
      'notes.created_by',
      'record_tags.created_by',
      'tags.created_by',
    ],
    // whoever asked for it: what is theirs goes by itself, after days; their jobs fail when they may not come in any more
    ...['exports.created_by', 'exports.query', 'imports.created_by', 'jobs.created_by'],
    // as the records were, whoever they were of
    ...['import_rows.after', 'import_rows.before'],
  ],
};

/** Ids and documents in which nobody is named. */
const OF_NOBODY = [
  ...['approval_policies.patience', 'approval_requests.relief_roles', 'approval_requests.subject_id'],
  ...['approval_requests.team_id', 'audit_seals.salt', 'business_calendars.holidays', 'business_calendars.week'],
  ...['deals.approval', 'deals.checked', 'forecast_snapshots.pipeline_id', 'forecast_snapshots.team_id'],
  ...['customers.contact_points', 'customers.metadata', 'customers.quiet_hours'],
  ...['distributions.team_id', 'idempotency.body'],
  ...['imap_polls.fence', 'inquiry_clocks.calendar_id', 'inquiry_clocks.escalation'],
  ...['inquiry_clocks.team_id', 'inquiry_links.target_id', 'inquiry_messages.attachments', 'inquiry_messages.mail_id'],
  ...['inquiry_messages.response_id', 'mail_threads.inquiry_id', 'mails.customer_id', 'mails.facts'],
  ...['lead_merges.moved', 'lead_messages.mail_id', 'lead_settings.mailbox_ids', 'leads.utm'],
  ...['mails.inquiry_id', 'mails.inquiry_message_id', 'mails.lead_id', 'mails.recipients'],
  ...['messages.about_id', 'messages.fence', 'messages.receipts', 'messages.recipients', 'messages.reply_to'],
  ...['mail_threads.side_conversation_id', 'mails.side_conversation_id', 'side_conversations.recipients'],
  ...['side_messages.attachments', 'side_messages.mail_id', 'side_messages.outgoing_id', 'side_messages.recipients'],
  ...['messages.sender', 'response_steps.customer_id', 'responses.customer_id', 'responses.delivery_id'],
  ...['responses.known_answers', 'responses.known_conversation', 'responses.macro_id', 'responses.stale_facts'],
  ...['sla_policies.escalation', 'team_calendars.team_id'],
  ...['customer_duplicate_scans.last_id', 'customer_duplicates.reasons', 'customer_merges.moved'],
  'customer_status_requirements.rules',
  ...['customer_merges.restricted', 'deal_moves.pipeline_id', 'deal_moves.stage_id', 'projects.milestones'],
  ...[
    'tenants.branding',
    'tenants.retention',
    'task_links.record_id',
    'task_recurrences.latest_task_id',
    'task_recurrences.template',
    'tasks.checklist',
  ],
  ...['tasks.depends_on', 'tasks.links', 'tasks.milestone_id'],
  ...['custom_fields.converting_to', 'custom_fields.options', 'custom_fields.rules', 'saved_views.columns'],
  'roles.field_rules',
  ...['files.record_id', 'notes.record_id', 'record_tags.record_id'],
  ...['exports.job_id', 'import_rows.cells', 'import_rows.record_id', 'imports.columns', 'imports.job_id'],
  ...['imports.mapping', 'imports.report', 'imports.sample', 'jobs.problem', 'jobs.subject_id', 'jobs.tally'],
];

// A column that points to another table's rows names nobody, and an `id` is its row's own unless it points to a person.
const MAY_NAME_SOMEBODY = `select c.relname || '.' || a.attname as name from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname <> 'tenant_id'
    and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype, 'json'::regtype, 'jsonb'::regtype)
    and case when exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey))
      then exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey) and k.confrelid = 'users'::regclass)
      else a.attname <> 'id' end
  order by 1`;

describe('A column that names a person', () => {
  let slice: Slice;
  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
  });
  afterAll(() => slice?.close());

  it('says what becomes of it when they leave: a new one fails here until somebody has decided', async () => {
    const { rows } = await slice.superuser.query<{ name: string }>(MAY_NAME_SOMEBODY);
    const decided = [...Object.values(DECIDED).flat(), ...OF_NOBODY];
    expect(rows.map(({ name }) => name).sort()).toEqual(decided.sort());
  });

  it('passes by an ownership, each by one, where it passes', () => {
    const ownerships = slice.get(Ports).all(OwnershipPort);
    expect(ownerships.flatMap(({ columns }) => columns).sort()).toEqual([...DECIDED.passes].sort());
  });
});
