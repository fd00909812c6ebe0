import { createDoor, createTenantTable, dropFunction, dropSearchable, dropTables, keepSearchable } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Leads, and what was written with them. */
export class Leads1764002180000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'leads', LEADS, { audit: true });
    for (const index of INDEXES) await q.query(index);
    await q.query(REFUSE_INACTIVE);
    await q.query(`create trigger owner_is_active before insert or update of owner_id on leads for each row
      when (new.owner_id is not null) execute function leads_refuse_inactive_owner()`);
    await q.query(`create trigger follow_merge before insert or update of customer_id on leads for each row
      when (new.customer_id is not null) execute function customers_follow_merge()`);
    await createDoor(q, 'leads_search(term text, most int)', SEARCH);
    const because = 'it says what a mail says, which is kept as it came';
    await createTenantTable(q, 'lead_messages', MESSAGES, { audit: false, because });
    await q.query('create index lead_messages_of_lead on lead_messages (tenant_id, lead_id, at desc, id desc)');
    await q.query('revoke delete on lead_messages from nexus_app');
    await keepSearchable(q, FOUND);
  }

  async down(q: QueryRunner): Promise<void> {
    await dropSearchable(q, 'leads');
    await dropFunction(q, 'leads_search(text, int)');
    await dropTables(q, 'lead_messages', 'leads');
    await dropFunction(q, 'leads_refuse_inactive_owner()');
  }
}

const KEPT = `version int not null default 1, created_at timestamptz(3) not null default now(), updated_at timestamptz(3) not null default now()`;

const LEADS = `
  id uuid not null, name text not null, email text, phone text, company text, subject text, message text,
  source text not null, utm jsonb not null default '{}' constraint leads_utm_is_an_object check (jsonb_typeof(utm) = 'object'),
  mail_hash text constraint leads_mail_hash_is_sha256 check (mail_hash ~ '^[0-9a-f]{64}$'),
  status text not null constraint leads_status_is_known
    check (status in ('new', 'assigned', 'contacted', 'qualified', 'converted', 'disqualified', 'duplicate')),
  reason text, owner_id uuid, team_id uuid, next_action text, next_action_at timestamptz(3),
  customer_id uuid, company_id uuid, deal_id uuid, converted_at timestamptz(3), duplicate_of uuid,
  custom_fields jsonb not null default '{}' constraint leads_custom_fields_have_keys check (jsonb_typeof(custom_fields) = 'object'),
  created_by uuid not null, deleted_at timestamptz(3), deleted_by uuid,
  ${KEPT},
  constraint leads_owner foreign key (tenant_id, owner_id) references users (tenant_id, id),
  constraint leads_team foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint leads_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  constraint leads_company foreign key (tenant_id, company_id) references companies (tenant_id, id) on delete set null (company_id),
  constraint leads_deal foreign key (tenant_id, deal_id) references deals (tenant_id, id),
  constraint leads_duplicate_of foreign key (tenant_id, duplicate_of) references leads (tenant_id, id),
  constraint leads_converted_became_somebody check ((status = 'converted') = (customer_id is not null)
    and (status = 'converted') = (converted_at is not null)),
  constraint leads_are_dropped_for_a_reason check ((status = 'disqualified') = (reason is not null)),
  constraint leads_duplicates_have_their_other check ((status = 'duplicate') = (duplicate_of is not null) and duplicate_of <> id),
  constraint leads_next_action_is_said check (next_action is not null or next_action_at is null)`;

const MESSAGES = `
  id uuid not null, lead_id uuid not null, mail_id uuid not null, author_name text, author_address text,
  subject text, body text not null, at timestamptz(3) not null, created_at timestamptz(3) not null default now(),
  constraint lead_messages_one_a_mail unique (tenant_id, mail_id),
  constraint lead_messages_lead foreign key (tenant_id, lead_id) references leads (tenant_id, id)`;

const LIVE = 'where deleted_at is null';
const OPEN = `where status in ('new', 'assigned', 'contacted', 'qualified') and deleted_at is null`;
const WORDS = `(name || ' ' || coalesce(company, '') || ' ' || coalesce(subject, '') || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))`;
const INDEXES = [
  `create index leads_by_creation on leads (tenant_id, created_at desc, id desc) ${LIVE}`,
  `create index leads_by_status on leads (tenant_id, status, created_at desc, id desc) ${LIVE}`,
  `create index leads_by_source on leads (tenant_id, source, created_at desc, id desc) ${LIVE}`,
  `create index leads_by_owner on leads (tenant_id, owner_id, created_at desc, id desc) ${LIVE}`,
  `create index leads_by_creator on leads (tenant_id, created_by, created_at desc, id desc) ${LIVE}`,
  `create index leads_of_team on leads (tenant_id, team_id, created_at desc, id desc) ${LIVE}`,
  `create index leads_by_next_action on leads (tenant_id, next_action_at, id) ${LIVE}`,
  `create index leads_by_conversion on leads (tenant_id, converted_at, id) ${LIVE}`,
  'create index leads_in_trash on leads (tenant_id, deleted_at desc, id desc) where deleted_at is not null',
  'create index leads_of_customer on leads (tenant_id, customer_id, created_at desc, id desc) where customer_id is not null',
  'create index leads_of_deal on leads (tenant_id, deal_id) where deal_id is not null',
  'create index leads_duplicates on leads (tenant_id, duplicate_of) where duplicate_of is not null',
  `create index leads_by_email on leads (tenant_id, email, created_at desc) ${LIVE}`,
  `create index leads_by_phone on leads (tenant_id, phone) ${LIVE}`,
  // who is like whom, among those of which something may still come
  `create index leads_alike_email on leads (tenant_id, email, id) ${OPEN} and email is not null`,
  `create index leads_alike_phone on leads (tenant_id, phone, id) ${OPEN} and phone is not null`,
  `create index leads_alike_mail on leads (tenant_id, mail_hash, id) ${OPEN} and mail_hash is not null`,
  `create index leads_text on leads using gin (tenant_id, ${WORDS} gin_trgm_ops)`,
];

// FOR SHARE waits for whoever closes that account or hands its work over, and reads what they left. It speaks as the
// column's foreign key: to the caller there is no such owner.
const REFUSE_INACTIVE = `create function leads_refuse_inactive_owner() returns trigger language plpgsql as $$
declare is_active boolean;
begin
  select u.status = 'active' into is_active from users u where u.tenant_id = new.tenant_id and u.id = new.owner_id for share;
  if is_active is false then
    raise exception 'the owner may not come in' using errcode = '23503', constraint = 'leads_owner';
  end if;
  return new;
end $$`;

// Operators that are not leak-proof are not pushed below a policy: the ids are found here by index, the rows read under it.
const SEARCH = `returns setof uuid language sql stable as $$
  select l.id from leads l where l.tenant_id = app_tenant()
    and (l.name || ' ' || coalesce(l.company, '') || ' ' || coalesce(l.subject, '') || ' ' || coalesce(l.email, '') || ' ' || coalesce(l.phone, ''))
      ilike '%' || replace(replace(replace(term, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
    order by l.created_at desc limit most $$`;

const FOUND = {
  kind: 'leads',
  columns: ['name', 'company', 'subject', 'email', 'phone', 'deleted_at'],
  isPresent: 'r.deleted_at is null',
  title: 'r.name',
  subtitle: 'r.company',
  body: `concat_ws(' ', r.subject, r.email, r.phone)`,
  keys: `array_remove(array[r.email], null) || case when r.phone is null then '{}'::text[] else search_phone_keys(r.phone) end`,
};
