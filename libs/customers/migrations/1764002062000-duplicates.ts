import { createDoor, createTenantTable, dropFunction, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Customers who are probably one and the same person, and how they are found. */
export class Duplicates1764002062000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const key of [MAIL_KEY, NAME_KEY]) await q.query(key);
    await q.query(`create index customer_contact_points_by_mail_key on customer_contact_points
      (tenant_id, customers_mail_key(address)) where kind = 'email'`);
    await q.query(`create index customers_by_name_key on customers
      (tenant_id, customers_name_key(first_name, last_name, company)) where deleted_at is null and company is not null`);
    await createDoor(q, 'customers_alike(ids uuid[])', ALIKE);
    await createTenantTable(q, 'customer_duplicates', DUPLICATES, { audit: true });
    await q.query(
      'create index customer_duplicates_by_score on customer_duplicates (tenant_id, status, score desc, id desc)',
    );
    await q.query('create index customer_duplicates_of_other on customer_duplicates (tenant_id, other_id)');
    await createTenantTable(q, 'customer_duplicate_scans', SCANS, { audit: true });
    await q.query(
      `create unique index customer_duplicate_scans_one_at_a_time on customer_duplicate_scans (tenant_id) where state = 'running'`,
    );
    await createTenantTable(q, 'customer_duplicate_rules', RULES, { audit: true });
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'customer_duplicate_rules', 'customer_duplicate_scans', 'customer_duplicates');
    await dropFunction(q, 'customers_alike(uuid[])');
    await dropFunction(q, 'customers_name_key(text, text, text)'); // and what is indexed by it
    await dropFunction(q, 'customers_mail_key(text)');
  }
}

// What is behind a plus is the reader's own label, and Gmail reads no dots: https://support.google.com/mail/answer/7436150
const MAIL_KEY = `create function customers_mail_key(address text) returns text language sql immutable parallel safe
  as $$ select case
    when split_part(address, '@', 1) ~ '^[+]' then address
    when split_part(address, '@', 2) in ('gmail.com', 'googlemail.com')
      then replace(split_part(split_part(address, '@', 1), '+', 1), '.', '') || '@gmail.com'
    else split_part(split_part(address, '@', 1), '+', 1) || '@' || split_part(address, '@', 2) end $$`;

// Two letters of each word of the name, in the order of the alphabet, and four of the company: few customers share them,
// and a slip of the pen, another order of the words or another legal form does not part those who do.
const NAME_KEY = `create function customers_name_key(first_name text, last_name text, company text) returns text language sql immutable parallel safe
  as $$ select (select string_agg(left(w, 2), ' ' order by left(w, 2) collate "C")
      from regexp_split_to_table(public.customers_search_form(first_name || ' ' || last_name), '[^[:alnum:]]+') w where w <> '')
    || '|' || left(regexp_replace(public.customers_search_form(company), '[^[:alnum:]]+', '', 'g'), 4) $$`;

/**
 * Pairs that one of the given customers makes with another, with a score of 0 to 100 and what it is made of. Whoever shares
 * a key is compared, and nobody else. `offset 0`: each of a pair is looked up, where a join would read all customers each time. What more than fifty share is a switchboard or a form's placeholder: it says nothing.
 */
const ALIKE = `returns table (customer_id uuid, other_id uuid, score int, reasons jsonb) language sql stable as $$
  with given as (
    select c.tenant_id, c.id, c.first_name, c.last_name, c.company from customers c
      where c.tenant_id = app_tenant() and c.id = any (ids) and c.deleted_at is null),
  met as (
    select g.id, unnest(shared.ids) as other, p.kind from given g
      join customer_contact_points p on p.tenant_id = g.tenant_id and p.customer_id = g.id
      cross join lateral (select array_agg(o.customer_id) as ids from (
        select q.customer_id from customer_contact_points q
          where p.kind = 'phone' and q.tenant_id = p.tenant_id and q.kind = 'phone' and q.address = p.address limit 51) o) shared
      where p.kind = 'phone' and cardinality(shared.ids) <= 50
    union
    select g.id, unnest(shared.ids), p.kind from given g
      join customer_contact_points p on p.tenant_id = g.tenant_id and p.customer_id = g.id
      cross join lateral (select array_agg(o.customer_id) as ids from (
        select q.customer_id from customer_contact_points q
          where q.tenant_id = p.tenant_id and q.kind = 'email' and customers_mail_key(q.address) = customers_mail_key(p.address) limit 51) o) shared
      where p.kind = 'email' and cardinality(shared.ids) <= 50
    union
    select g.id, unnest(shared.ids), 'name' from given g
      cross join lateral (select array_agg(o.id) as ids from (
        select n.id from customers n where n.tenant_id = g.tenant_id and n.deleted_at is null and n.company is not null
          and customers_name_key(n.first_name, n.last_name, n.company) = customers_name_key(g.first_name, g.last_name, g.company) limit 51) o) shared
      where g.company is not null and cardinality(shared.ids) <= 50),
  pairs as (
    select least(m.id, m.other) as one, greatest(m.id, m.other) as two, bool_or(m.kind = 'email') as mail, bool_or(m.kind = 'phone') as phone
      from met m where m.id <> m.other group by 1, 2),
  compared as (
    select p.*, similarity(customers_search_form(a.first_name || ' ' || a.last_name), customers_search_form(b.first_name || ' ' || b.last_name)) as name,
      coalesce(similarity(customers_search_form(a.company), customers_search_form(b.company)), 0) as company
      from pairs p
      cross join lateral (select c.* from customers c where c.tenant_id = app_tenant() and c.id = p.one and c.deleted_at is null offset 0) a
      cross join lateral (select c.* from customers c where c.tenant_id = app_tenant() and c.id = p.two and c.deleted_at is null offset 0) b),
  judged as (
    select c.one, c.two, r.reason, round(r.points)::int as points from compared c cross join lateral (values
      ('same_email', case when c.mail then 60 end), ('same_phone', case when c.phone then 45 end),
      ('similar_name', case when c.name >= 0.4 then 45 * c.name end),
      ('similar_company', case when c.name >= 0.4 and c.company >= 0.4 then 35 * c.company end)) r (reason, points)
      where r.points is not null)
  select j.one, j.two, least(sum(j.points), 100)::int, jsonb_agg(jsonb_build_object('reason', j.reason, 'points', j.points) order by j.points desc, j.reason)
    from judged j group by j.one, j.two $$`;

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const DUPLICATES = `
  id uuid not null default gen_random_uuid(), customer_id uuid not null, other_id uuid not null,
  score int not null constraint customer_duplicates_score_is_bounded check (score between 0 and 100),
  reasons jsonb not null,
  status text not null default 'open' constraint customer_duplicates_status_is_known check (status in ('open', 'dismissed')),
  dismissed_by uuid, dismissed_at timestamptz(3),
  ${KEPT},
  constraint customer_duplicates_once unique (tenant_id, customer_id, other_id),
  constraint customer_duplicates_in_order check (customer_id < other_id),
  constraint customer_duplicates_dismissal_is_whole check ((status = 'dismissed') = (dismissed_by is not null and dismissed_at is not null)),
  constraint customer_duplicates_customer foreign key (tenant_id, customer_id) references customers (tenant_id, id) on delete cascade,
  constraint customer_duplicates_other foreign key (tenant_id, other_id) references customers (tenant_id, id) on delete cascade`;

const SCANS = `
  id uuid not null,
  state text not null constraint customer_duplicate_scans_state_is_known check (state in ('running', 'done')),
  last_id uuid, scanned int not null default 0, found int not null default 0,
  started_by uuid not null, finished_at timestamptz(3),
  ${KEPT},
  constraint customer_duplicate_scans_end_is_whole check ((state = 'done') = (finished_at is not null))`;

const RULES = `
  id uuid not null,
  least_score int not null constraint customer_duplicate_rules_score_is_bounded check (least_score between 50 and 100),
  on_create text not null constraint customer_duplicate_rules_on_create_is_known check (on_create in ('allow', 'note', 'refuse')),
  ${KEPT},
  constraint customer_duplicate_rules_are_of_their_tenant check (id = tenant_id)`;
