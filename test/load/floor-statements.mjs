/** Columns of a customer under the names that the API gives them. */
const COLUMNS = `id, first_name as "firstName", last_name as "lastName", email, phone, company, birthday::text, time_zone as "timeZone",
  language, preferred_channel as "preferredChannel", quiet_hours as "quietHours", status, level, metadata, source,
  team_id as "teamId", referred_by as "referredBy", created_by as "createdBy", assigned_to as "assignedTo",
  contact_points as "contactPoints", version, created_at as "createdAt", updated_at as "updatedAt"`;

const INQUIRY_COLUMNS = `id, number, 'INQ-' || lpad(number::text, greatest(6, length(number::text)), '0') as reference, customer_id as "customerId",
  subject, message, status, merged_into as "mergedInto", merged_at as "mergedAt", hold_reason as "holdReason",
  snoozed_until as "snoozedUntil", priority, category, channel, assigned_to as "assignedTo", team_id as "teamId",
  created_by as "createdBy", is_customer_blocked as "isCustomerBlocked", follow_up_of as "followUpOf", split_from as "splitFrom",
  reopen_count as "reopenCount", customer_message_count as "customerMessageCount", last_customer_message_at as "lastCustomerMessageAt",
  first_responded_at as "firstRespondedAt", resolved_at as "resolvedAt", closes_at as "closesAt", closed_at as "closedAt",
  due_at as "dueAt", version, created_at as "createdAt", updated_at as "updatedAt"`;

const APPROVAL_COLUMNS = `id, subject_kind as "subjectKind", subject_id as "subjectId", revision, title, team_id as "teamId", due_at as "dueAt",
  requested_by as "requestedBy", status, stage, stages, required, missing, decided_by as "decidedBy", decided_at as "decidedAt",
  notes as "approvalNotes", version, created_at as "createdAt", stage_since as "stageSince", reminded_at as "remindedAt",
  escalated_at as "escalatedAt", updated_at as "updatedAt"`;

const LIVE = 'from customers where tenant_id = $1 and deleted_at is null';
const NEWEST = 'order by created_at desc, id desc';

export const ONE = `select ${COLUMNS} from customers where tenant_id = $1 and id = $2 and deleted_at is null`;

// The limits stand in the text: a plan made for any limit would sort the tenant's rows.
const pagesOf =
  (columns, rows, { order, place }) =>
  (limit) => ({
    list: `select ${columns} ${rows} ${order} limit ${limit}`,
    count: `select count(*) as total ${rows}`,
    after: `select ${columns} ${rows} and ${place} ($2::timestamptz, $3::uuid) ${order} limit ${limit}`,
  });

const BY_DUE = { order: 'order by due_at, id', place: '(due_at, id) >' };
const NOBODYS = `from inquiries where tenant_id = $1 and deleted_at is null and status in ('new', 'open') and assigned_to is null`;
// Whom a request waits for, it says itself: the index does not know it.
const UNDECIDED = `from approval_requests where tenant_id = $1 and status = 'pending' and approver_kind = 'anyone' and decided = '{}'`;

/** What is listed, by the name that its path gives it. */
export const PAGES = {
  customers: pagesOf(COLUMNS, LIVE, { order: NEWEST, place: '(created_at, id) <' }),
  inquiries: pagesOf(INQUIRY_COLUMNS, NOBODYS, BY_DUE),
  approvals: pagesOf(APPROVAL_COLUMNS, UNDECIDED, BY_DUE),
};

/** Each word of the term as a condition of its own, so that the trigram index can intersect them. */
export function searchOf(tenant, term, limit) {
  const words = term.trim().toLowerCase().split(/\s+/);
  const conditions = words.map((_, index) => ` and search_text like $${index + 2}`).join('');
  return {
    list: `select ${COLUMNS} ${LIVE}${conditions} ${NEWEST} limit ${limit}`,
    count: `select count(*) as total ${LIVE}${conditions}`,
    values: [tenant, ...words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`)],
  };
}

/** Every word of the term, the last one as a beginning, best first. */
export function searchEverythingOf(tenant, term, limit) {
  const plain = term.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const held = 'from search_documents where tenant_id = $1 and words @@ $2::tsquery';
  return {
    list: `select kind, id, title, subtitle, body, created_at as "createdAt", ts_rank(words, $2::tsquery) as score ${held}
      order by score desc, created_at desc limit ${limit}`,
    count: `select count(*) as total ${held}`,
    values: [tenant, `${words.join(' & ')}:*`],
  };
}

export const INSERT_CUSTOMER = `insert into customers (tenant_id, id, first_name, last_name, company, contact_points, status, source, created_by)
  values ($1, $2, $3, $4, $5, $6, 'lead', 'manual', $7) returning ${COLUMNS}`;

export const INSERT_AUDIT = `insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, after)
  values ($1, $2, 'floor', 'floor', 'customers', $3, 'created', $4)`;

export const INSERT_OUTBOX = `insert into outbox (id, tenant_id, type, payload, version, actor_id, actor_name, request_id)
  values ($1, $2, 'customers.created', $4, 1, $3, 'floor', 'floor')`;

/** Compare, swap, tell of it and note it: of all who try at once one gets a row. */
export const TAKE = `with taken as (
    update inquiries set assigned_to = $3, status = 'open', version = version + 1, updated_at = now()
    where tenant_id = $1 and id = $2 and assigned_to is null and deleted_at is null returning ${INQUIRY_COLUMNS}),
  noted as (insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, after)
    select $1, $3, 'floor', 'floor', 'inquiries', id, 'updated', jsonb_build_object('assigned_to', $3::uuid) from taken),
  told as (insert into outbox (id, tenant_id, type, payload, version, actor_id, actor_name, request_id)
    select $4, $1, 'inquiries.assigned', jsonb_build_object('inquiryId', id, 'assignedTo', $3::uuid), 1, $3, 'floor', 'floor' from taken)
  select * from taken`;
