/** Columns of a customer under the names that the API gives them. */
const COLUMNS = `id, first_name as "firstName", last_name as "lastName", email, phone, company, status, level, metadata, source,
  team_id as "teamId", created_by as "createdBy", assigned_to as "assignedTo", contact_points as "contactPoints", version,
  created_at as "createdAt", updated_at as "updatedAt"`;

const LIVE = 'from customers where tenant_id = $1 and deleted_at is null';
const NEWEST = 'order by created_at desc, id desc';

export const ONE = `select ${COLUMNS} from customers where tenant_id = $1 and id = $2 and deleted_at is null`;

// The limits stand in the text: a plan made for any limit would sort the tenant's rows.
export const listOf = (limit) => `select ${COLUMNS} ${LIVE} ${NEWEST} limit ${limit}`;
export const COUNT = `select count(*) as total ${LIVE}`;
export const afterOf = (limit) =>
  `select ${COLUMNS} ${LIVE} and (created_at, id) < ($2::timestamptz, $3::uuid) ${NEWEST} limit ${limit}`;

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

export const INSERT_CUSTOMER = `insert into customers (tenant_id, id, first_name, last_name, company, contact_points, status, source, created_by)
  values ($1, $2, $3, $4, $5, $6, 'lead', 'manual', $7) returning ${COLUMNS}`;

export const INSERT_AUDIT = `insert into audit_log (tenant_id, actor_id, actor_name, request_id, entity, entity_id, action, after)
  values ($1, $2, 'floor', 'floor', 'customers', $3, 'created', $4)`;

export const INSERT_OUTBOX = `insert into outbox (id, tenant_id, type, payload, version, actor_id, actor_name, request_id)
  values ($1, $2, 'customers.created', $4, 1, $3, 'floor', 'floor')`;
