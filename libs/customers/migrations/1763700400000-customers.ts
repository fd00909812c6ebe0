import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers with their contact points and consents, and the search over them. */
export class Customers1763700400000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const ddl of [SEARCH_FORM, SEARCH_TEXT, PRIMARY_CONTACT]) await q.query(ddl);
    await createTenantTable(q, 'customers', CUSTOMERS, { audit: true, except: ['search_text'] });
    for (const index of CUSTOMER_INDEXES) await q.query(index);
    await this.createContactPoints(q);
    await this.createConsents(q);
    await createDoor(q, 'customers_search(term text, most int)', SEARCH);
  }

  private async createContactPoints(q: QueryRunner): Promise<void> {
    const because = 'it follows from customers.contact_points, which is audited';
    await createTenantTable(q, 'customer_contact_points', CONTACT_POINTS, { audit: false, because });
    await q.query(
      `create unique index customers_email_is_unique on customer_contact_points (tenant_id, address) where kind = 'email'`,
    );
    await q.query(
      'create index customer_contact_points_by_address on customer_contact_points (tenant_id, kind, address)',
    );
    await q.query(REFLECT);
    await q.query(
      `create trigger contact_points after insert or update of contact_points, deleted_at on customers
        for each row execute function customers_reflect_contact_points()`,
    );
  }

  private async createConsents(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'customer_consents', CONSENTS, { audit: true });
    await q.query('revoke update, delete on customer_consents from nexus_app');
    await q.query(
      'create index customer_consents_of_customer on customer_consents (tenant_id, customer_id, created_at desc, id desc)',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropFunction(q, 'customers_search(text, int)');
    await dropTables(q, 'customer_consents', 'customer_contact_points', 'customers');
    await dropFunction(q, 'customers_reflect_contact_points()');
    await dropFunction(q, 'customers_primary_contact(jsonb, text)');
    await dropFunction(q, 'customers_search_text(text, text, text, jsonb)');
    await dropFunction(q, 'customers_search_form(text)');
  }
}

// unaccent() is only stable, because somebody might alter its dictionary; named with its schema it is as immutable as an index needs.
const SEARCH_FORM = `create function customers_search_form(written text) returns text language sql immutable parallel safe
  as $$ select regexp_replace(lower(public.unaccent('public.unaccent', normalize(written, NFKC))), '\\s+', ' ', 'g') $$`;

// Each word follows a blank, so that '% an%' means "a word that begins with an".
const SEARCH_TEXT = `create function customers_search_text(first_name text, last_name text, company text, contact_points jsonb)
  returns text language sql immutable parallel safe
  as $$ select ' ' || public.customers_search_form(concat_ws(' ', first_name, last_name, company,
    (select string_agg(p->>'normalized', ' ' order by n) from jsonb_array_elements(contact_points) with ordinality e(p, n)))) $$`;

const PRIMARY_CONTACT = `create function customers_primary_contact(contact_points jsonb, of_kind text) returns text language sql immutable parallel safe
  as $$ select p->>'normalized' from jsonb_array_elements(contact_points) p where p->>'kind' = of_kind and (p->>'isPrimary')::boolean limit 1 $$`;

const CUSTOMERS = `
  id uuid not null,
  first_name text not null, last_name text not null, company text,
  contact_points jsonb not null default '[]',
  email text generated always as (customers_primary_contact(contact_points, 'email')) stored,
  phone text generated always as (customers_primary_contact(contact_points, 'phone')) stored,
  status text not null constraint customers_status_is_known check (status in ('lead', 'prospect', 'customer', 'inactive', 'blocked')),
  status_reason text, won_at timestamptz(3),
  level text constraint customers_level_is_known check (level in ('bronze', 'silver', 'gold', 'platinum')),
  metadata jsonb not null default '{}', source text not null,
  team_id uuid, created_by uuid not null, assigned_to uuid,
  deleted_at timestamptz(3), deleted_by uuid, deleted_because text,
  search_text text generated always as (customers_search_text(first_name, last_name, company, contact_points)) stored,
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp(),
  constraint customers_team_exists foreign key (tenant_id, team_id) references teams (tenant_id, id) on delete set null (team_id),
  constraint customers_assignee_exists foreign key (tenant_id, assigned_to) references users (tenant_id, id),
  constraint customers_trash_is_whole check ((deleted_at is null) = (deleted_by is null))`;

// What lists are sorted and filtered by. A small pending list, since each search reads it to its end.
const CUSTOMER_INDEXES = [
  'create index customers_by_creation on customers (tenant_id, created_at desc, id desc) where deleted_at is null',
  'create index customers_by_update on customers (tenant_id, updated_at desc, id desc) where deleted_at is null',
  'create index customers_by_name on customers (tenant_id, last_name, id) where deleted_at is null',
  'create index customers_by_status on customers (tenant_id, status, created_at desc, id desc) where deleted_at is null',
  'create index customers_by_assignee on customers (tenant_id, assigned_to, created_at desc, id desc) where deleted_at is null',
  'create index customers_by_creator on customers (tenant_id, created_by, created_at desc, id desc) where deleted_at is null',
  'create index customers_by_team on customers (tenant_id, team_id, created_at desc, id desc) where deleted_at is null',
  'create index customers_by_email on customers (tenant_id, email) where deleted_at is null',
  'create index customers_by_phone on customers (tenant_id, phone) where deleted_at is null',
  'create index customers_in_trash on customers (tenant_id, deleted_at desc, id desc) where deleted_at is not null',
  `create index customers_by_text on customers using gin (tenant_id, search_text gin_trgm_ops)
    with (gin_pending_list_limit = 256) where deleted_at is null`,
];

const CONTACT_POINTS = `
  customer_id uuid not null,
  kind text not null constraint customer_contact_points_kind_is_known check (kind in ('email', 'phone')),
  address text not null,
  primary key (tenant_id, customer_id, kind, address),
  constraint customer_contact_points_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`;

// The customer's row is the truth; these rows let an index say whose an address is. What is in the trash holds no address.
const REFLECT = `create function customers_reflect_contact_points() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    delete from customer_contact_points p where p.tenant_id = new.tenant_id and p.customer_id = new.id;
  end if;
  if new.deleted_at is null then
    insert into customer_contact_points (tenant_id, customer_id, kind, address)
      select new.tenant_id, new.id, p->>'kind', p->>'normalized' from jsonb_array_elements(new.contact_points) p
      order by 3, 4;
  end if;
  return null;
end $$`;

const CONSENTS = `
  id uuid not null, customer_id uuid not null,
  channel text not null constraint customer_consents_channel_is_known check (channel in ('email', 'phone', 'sms', 'messenger', 'post')),
  purpose text not null, granted boolean not null,
  source text not null, proof text, ip inet,
  recorded_by uuid not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  constraint customer_consents_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade`;

/**
 * Ids of the newest customers that hold every word of the term. A whole e-mail address or phone number finds whose it is.
 * Words of one or two characters are looked for at the beginning of words only: inside of them they have no trigram.
 */
const SEARCH = `returns setof uuid language plpgsql stable rows 100 as $$
declare
  tenant uuid := app_tenant();
  wanted text := trim(customers_search_form(term));
  digits text := regexp_replace(wanted, '[^0-9]', '', 'g');
  words text[];
begin
  if tenant is null or wanted = '' then return; end if;
  return query select p.customer_id from customer_contact_points p where p.tenant_id = tenant
    and (p.kind, p.address) in (('email', lower(trim(term))), ('phone', '+' || digits)) limit most;
  if found then return; end if;
  if wanted ~ '^[+(]?[0-9][0-9 ()./-]{4,}$' then words := array[coalesce(nullif(ltrim(digits, '0'), ''), digits)];
  else words := string_to_array(wanted, ' '); end if;
  select array_agg(case when length(w) < 3 then '% ' else '%' end || regexp_replace(w, '([\\\\%_])', '\\\\\\1', 'g') || '%')
    into words from (select distinct w from unnest(words[1:12]) w) each_word;
  -- each word as a condition of its own, which the index can intersect; LIKE ALL it could not
  return query execute 'select c.id from customers c where c.tenant_id = $1 and c.deleted_at is null'
    || (select string_agg(format(' and c.search_text like $2[%s]', n), '') from generate_subscripts(words, 1) n)
    || ' order by c.created_at desc, c.id desc limit $3' using tenant, words, most;
end $$`;
