/**
 * The rows of one tenant, made by PostgreSQL itself. Each statement takes the tenant and how many; numbers below 1 are
 * never used, and the same number always gives the same record, so that records can refer to each other.
 */
export const HELPERS = `
create function pg_temp.moment(n bigint, total int) returns timestamptz language sql stable as $$
  select date_trunc('milliseconds', now() - interval '1 hour' - interval '730 days' * n / total) $$;

-- As the application's own ids (RFC 9562, version 7): they begin with the time, then say what they are.
create function pg_temp.id_of(tenant uuid, kind int, n bigint, at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
    || 'b' || left(md5(tenant::text), 3) || lpad(to_hex(n), 12, '0'))::uuid $$;

create function pg_temp.pick(list anyarray, n bigint) returns anyelement language sql immutable as $$
  select list[1 + n % cardinality(list)] $$;

create temporary table words as select
  array['Grace','Alan','Edsger','Barbara','Donald','Frances','Ken','Radia','Niklaus','Adele','Tony','Margaret','Dennis',
    'Hedy','Claude','Ida','José','Şule','Zoë','Jürgen','Mira','Amara','Tomasz','Ingrid','Kofi','Leila','Marek','Noor',
    'Oskar','Priya'] as first,
  array['Ab','Bel','Cor','Dam','Eck','Fal','Gar','Hol','Ist','Jan','Kal','Lor','Mar','Nor','Ost','Par','Ros','Sal','Tor',
    'Var'] as head,
  array['an','en','in','on','er','el','is','al','ov','et'] as middle,
  array['berg','son','ski','mann','dal','sen','wick','feld','ton','ez'] as tail,
  array['Harbour','Mill','Northwind','Orchard','Summit','Lantern','Meadow','Anchor','Copper','Willow'] as brand,
  array['Freight','Hotels','Travel','Tools','Foods','Paper','Textiles','Systems','Printing','Logistics'] as trade;`;

const PEOPLE = `people as (select array_agg(u.id order by u.email) as ids from users u where u.tenant_id = $1),
  team as (select t.id from teams t where t.tenant_id = $1 order by t.created_at limit 1)`;

export const CUSTOMERS = `
with ${PEOPLE}, named as (
  select n, pg_temp.moment(n, $2) as at, pg_temp.pick(w.first, n) as first_name,
    pg_temp.pick(w.head, n * 7 % 1009) || pg_temp.pick(w.middle, n * 13 % 997) || pg_temp.pick(w.tail, n * 17 % 991) as last_name,
    case when n % 3 > 0 then concat_ws(' ', pg_temp.pick(w.brand, n % 83), pg_temp.pick(w.trade, n % 71), n % 500) end as company
  from generate_series(1, $2) n, words w)
insert into customers (tenant_id, id, first_name, last_name, company, contact_points, status, status_reason, won_at, level,
  metadata, source, team_id, created_by, assigned_to, created_at, updated_at)
select $1, pg_temp.id_of($1, 1, n, at), first_name, last_name, company,
  jsonb_build_array(jsonb_build_object('id', pg_temp.id_of($1, 2, n, at), 'kind', 'email', 'value', mail, 'normalized', mail,
      'country', null, 'label', 'work', 'isPrimary', true, 'isVerified', n % 4 = 0, 'optedOut', false))
    || case when n % 5 = 4 then '[]' else jsonb_build_array(jsonb_build_object('id', pg_temp.id_of($1, 3, n, at), 'kind', 'phone',
      'value', phone, 'normalized', phone, 'country', 'DE', 'label', 'work', 'isPrimary', true, 'isVerified', false, 'optedOut', false)) end,
  status, case when status = 'blocked' then 'Chargebacks' end, case when status = 'customer' then at end,
  case when status = 'customer' then pg_temp.pick(array['bronze','silver','gold','platinum'], n / 100) end,
  case when n % 7 = 0 then '{"newsletter": true}' else '{}' end::jsonb, pg_temp.pick(array['email','manual','import'], n),
  team.id, pg_temp.pick(people.ids, n), case when n % 4 > 0 then pg_temp.pick(people.ids, n / 3) end, at, at
from named, people, team, lateral (select
  lower(public.unaccent('public.unaccent', first_name)) || '.' || lower(last_name) || '.' || n || '@customers.example' as mail,
  '+4930' || (10000000 + n) as phone,
  case when n % 100 < 60 then 'customer' when n % 100 < 80 then 'lead' when n % 100 < 90 then 'prospect'
    when n % 100 < 99 then 'inactive' else 'blocked' end as status) made
order by n desc`;

export const CONTACT_POINTS = `
insert into customer_contact_points (tenant_id, customer_id, kind, address)
select c.tenant_id, c.id, p->>'kind', p->>'normalized' from customers c, jsonb_array_elements(c.contact_points) p
where c.tenant_id = $1 on conflict do nothing`;

export const INQUIRIES = `
with ${PEOPLE}, counted as (select count(*)::int as customers from customers where tenant_id = $1),
  owners as (select c.id, row_number() over (order by c.created_at, c.id) as place from customers c where c.tenant_id = $1),
  drawn as (select n, pg_temp.moment(n, $2) as at, 1 + n * 7919 % counted.customers as place,
    case when n % 100 < 60 then 'closed' when n % 100 < 72 then 'resolved' when n % 100 < 82 then 'open'
      when n % 100 < 90 then 'pending_customer' when n % 100 < 95 then 'new' when n % 100 < 98 then 'on_hold' else 'spam' end as status
    from generate_series(1, $2) n, counted)
insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, status_before_spam, hold_reason, priority,
  category, channel, assigned_to, team_id, created_by, message_count, customer_message_count, last_customer_message_at,
  awaits_answer_since, first_responded_at, resolved_at, closed_at, due_at, created_at, updated_at)
select $1, pg_temp.id_of($1, 4, n, at), 201 + $2 - n, owners.id,
  pg_temp.pick(array['Where is order ','Invoice of booking ','A change of booking ','The room of stay ','Points of account '], n) || 100000 + n,
  'Hello, I have been waiting since last week for news about ' || 100000 + n || '. Kind regards',
  status, case when status = 'spam' then 'new' end, case when status = 'on_hold' then 'Waiting for the carrier' end,
  pg_temp.pick(array['normal','normal','high','low','urgent'], n), pg_temp.pick(array['delivery','billing','booking','complaint',null], n / 2),
  'email', case when status not in ('new', 'spam') then pg_temp.pick(people.ids, n / 7) end, team.id, pg_temp.pick(people.ids, 1),
  1, 1, at, case when status in ('open', 'new', 'on_hold') then at end,
  case when status in ('closed', 'resolved', 'pending_customer') then at + interval '3 hours' end,
  case when status in ('closed', 'resolved') then at + interval '9 hours' end,
  case when status = 'closed' then at + interval '7 days' end,
  case when status in ('open', 'new') then at + interval '4 hours' end, at, at
from drawn join owners using (place), people, team
order by n desc`;

const COUNTER = `
insert into inquiry_counters (tenant_id, last_number) values ($1, 200 + $2)
on conflict (tenant_id) do update set last_number = excluded.last_number`;

const MESSAGES = `
insert into inquiry_messages (tenant_id, id, inquiry_id, seq, direction, author_name, message_id, subject, body, at)
select i.tenant_id, gen_random_uuid(), i.id, 1, 'in', 'Customer', '<' || i.id || '@customers.example>', i.subject, i.message, i.created_at
from inquiries i where i.tenant_id = $1 on conflict do nothing`;

const RESPONSES = `
with ${PEOPLE}, asked as (select i.id, i.customer_id, i.created_at, row_number() over (order by i.created_at, i.id) - 1 as place
    from inquiries i where i.tenant_id = $1),
  counted as (select count(*)::int as total from inquiries where tenant_id = $1),
  numbered as (select n, n % total as place, n / total as round from generate_series(1, $2) n, counted),
  drawn as (select n, pg_temp.id_of($1, 5, n, a.created_at) as id, a.id as inquiry_id, a.customer_id,
    a.created_at + interval '20 minutes' + interval '1 hour' * round as at, 'Dear customer, we looked into it: case ' || n || ' is settled.' as message,
    case when n % 100 < 70 then 'sent' when n % 100 < 80 then 'draft' when n % 100 < 85 then 'pending_approval' when n % 100 < 90 then 'rejected'
      when n % 100 < 95 then 'discarded' when n % 100 < 97 then 'approved' when n % 100 < 99 then 'scheduled' else 'failed' end as status
    from numbered join asked a using (place))
insert into responses (tenant_id, id, inquiry_id, customer_id, message, status, revision, content_hash, responded_by, editors,
  submitted_by, submitted_at, approved_by, approved_at, approved_hash, approval_notes, known_customer_messages, send_at, failure_reason,
  sent_at, created_at, updated_at)
select $1, d.id, d.inquiry_id, d.customer_id, d.message, d.status, 1, md5(d.message), author, array[author],
  case when submitted then author end, case when submitted then d.at end, case when approved then people.ids[1] end,
  case when approved then d.at + interval '10 minutes' end, case when approved then md5(d.message) end,
  case when d.status = 'rejected' then 'Please name the date.' end, 1,
  case when d.status = 'scheduled' then now() + interval '30 days' end, case when d.status = 'failed' then '550 5.1.1 no such mailbox' end,
  case when d.status = 'sent' then d.at + interval '15 minutes' end, d.at, d.at
from drawn d, people, lateral (select people.ids[2 + d.n % 9] as author, d.status not in ('draft', 'discarded') as submitted,
  d.status in ('sent', 'approved', 'scheduled', 'failed') as approved) made
order by n`;

const APPROVALS = `
with team as (select t.id from teams t where t.tenant_id = $1 order by t.created_at limit 1)
insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, team_id, due_at, requested_by,
  excluded, status, decided_by, decided_at, notes, created_at, updated_at)
select $1, gen_random_uuid(), 'responses.response', r.id, r.revision, r.content_hash, 'Answer to a customer', team.id,
  r.created_at + interval '4 hours', r.responded_by, r.editors,
  case r.status when 'pending_approval' then 'pending' when 'rejected' then 'rejected' else 'approved' end,
  case r.status when 'pending_approval' then null when 'rejected' then r.editors[1] else r.approved_by end,
  case when r.status <> 'pending_approval' then coalesce(r.approved_at, r.created_at) end, r.approval_notes, r.created_at, r.updated_at
from responses r, team where r.tenant_id = $1 and r.status not in ('draft', 'discarded')
  and not exists (select 1 from approval_requests a where a.tenant_id = $1 and a.subject_kind = 'responses.response' and a.subject_id = r.id)`;

// Sealed already, so that the worker's seals are of what the bench itself writes.
const AUDIT = `
insert into audit_log (tenant_id, at, actor_id, actor_name, request_id, entity, entity_id, action, after, sealed)
select r.tenant_id, r.at, r.who, 'bench', r.id, r.entity, r.id, 'created', jsonb_build_object('id', r.id), true
from (select tenant_id, created_at as at, created_by as who, 'customers' as entity, id::text from customers where tenant_id = $1
  union all select tenant_id, created_at, created_by, 'inquiries', id::text from inquiries where tenant_id = $1) r order by r.at`;

/** In this order: what refers comes after what it refers to. `of` names the number of rows among the sizes. */
export const TABLES = [
  { table: 'customers', sql: CUSTOMERS, of: 'customers' },
  { table: 'contact points', sql: CONTACT_POINTS },
  { table: 'inquiries', sql: INQUIRIES, of: 'inquiries' },
  { table: 'counters', sql: COUNTER, of: 'inquiries' },
  { table: 'messages', sql: MESSAGES },
  { table: 'responses', sql: RESPONSES, of: 'responses' },
  { table: 'approvals', sql: APPROVALS },
  { table: 'audit', sql: AUDIT },
];
