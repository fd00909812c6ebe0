/**
 * The rows of an answer desk that is far behind, in one tenant and a database of their own: the other parts of the bench
 * read the same rows with them and without them. Written as rows.mjs is, with its helpers.
 */
import { CONTACT_POINTS, CUSTOMERS } from './rows.mjs';

/** Ids by the kind of record, as rows.mjs numbers them. */
const [OFFICER, TEAM, INQUIRY, CLOCK, TIMER, APPROVAL] = [6, 7, 4, 8, 9, 10];

/** No promise runs out while the rows are kept: what is due, a run makes due itself. */
const DUE = "now() + interval '300 days' + interval '1 second' * (n * 7919 % 8000000)";
const AT = 'pg_temp.moment(n, $2)';

/** They log in as the officer of the demo does. */
const OFFICERS = `
with one as (select u.* from users u where u.tenant_id = $1 and u.username = 'cso'),
  officers as (insert into users (tenant_id, id, email, username, password_hash, password_changed_at, first_name, last_name, zone, locale)
    select $1, pg_temp.id_of($1, ${OFFICER}, n, one.created_at), 'officer' || n || '@demo.example', 'officer' || n, one.password_hash,
      one.password_changed_at, 'Officer', n::text, one.zone, one.locale from generate_series(1, $2) n, one returning id),
  desk as (insert into teams (tenant_id, id, name) select $1, pg_temp.id_of($1, ${TEAM}, 1, one.created_at), 'Desk' from one returning id),
  members as (insert into team_members (tenant_id, team_id, user_id) select $1, desk.id, officers.id from desk, officers)
insert into user_roles (tenant_id, user_id, role_id)
select $1, officers.id, r.role_id from officers, one join user_roles r on r.tenant_id = $1 and r.user_id = one.id`;

const DESK = `desk as (select t.id, array(select m.user_id from team_members m where m.tenant_id = $1 and m.team_id = t.id order by 1) as officers
    from teams t where t.tenant_id = $1 and t.name = 'Desk'),
  counted as (select count(*)::int as customers from customers where tenant_id = $1),
  owners as (select c.id, row_number() over (order by c.created_at, c.id) as place from customers c where c.tenant_id = $1)`;

/** Of ten that wait six are new and nobody's, one is open and nobody's, and three are somebody's. */
const waitingOrDone = (status, dueAt, numbers) => `
with ${DESK}, drawn as (select n, 1 + n % counted.customers as place, ${AT} as at, ${status} as status, ${dueAt} as due_at
  from generate_series(1, $2) n, counted)
insert into inquiries (tenant_id, id, number, customer_id, subject, message, status, priority, category, channel, assigned_to, team_id,
  created_by, message_count, customer_message_count, last_customer_message_at, awaits_answer_since, first_responded_at, resolved_at,
  closed_at, due_at, created_at, updated_at)
select $1, pg_temp.id_of($1, ${INQUIRY}, ${numbers} + n, d.at), ${numbers} + n, owners.id, 'Where is order ' || ${numbers} + n || '?',
  'Hello, I have been waiting since last week for news about ' || ${numbers} + n || '. Kind regards', d.status,
  pg_temp.pick(array['normal','normal','high','low','urgent'], n), pg_temp.pick(array['delivery','billing','booking','complaint',null], n / 2),
  'email', case when d.status = 'closed' or n % 10 > 6 then pg_temp.pick(desk.officers, n / 7) end, desk.id, desk.officers[1], 1, 1, d.at,
  case when d.status <> 'closed' then d.at end, case when d.status = 'closed' then d.at + interval '3 hours' end,
  case when d.status = 'closed' then d.at + interval '9 hours' end, case when d.status = 'closed' then d.at + interval '7 days' end,
  d.due_at, d.at, d.at
from drawn d join owners using (place), desk order by n desc`;

const CLOSED_NUMBERS = 10_000_000;
const OPEN_NUMBERS = 20_000_000;
const CLOSED = waitingOrDone("'closed'", 'null::timestamptz', CLOSED_NUMBERS);
const OPEN = waitingOrDone("case when n % 10 < 6 then 'new' else 'open' end", DUE, OPEN_NUMBERS);

/** The first answer and the solution are promised, and both clocks run. */
const CLOCKS = `
insert into inquiry_clocks (tenant_id, id, inquiry_id, kind, state, policy_id, team_id, target, warn_fraction, used_seconds,
  running_since, due_at, warn_at, started_at, created_at, updated_at)
select $1, pg_temp.id_of($1, ${CLOCK}, 2 * i.number + k.later, i.created_at), i.id, k.kind, 'running', p.id, i.team_id, 14400, 0.8, 0,
  i.created_at, i.due_at + interval '1 day' * k.later, i.due_at - interval '1 hour' + interval '1 day' * k.later, i.created_at,
  i.created_at, i.created_at
from inquiries i, sla_policies p, (values ('first_response', 0), ('resolution', 1)) k(kind, later)
where i.tenant_id = $1 and i.number > ${OPEN_NUMBERS} and p.tenant_id = $1 and p.is_default`;

/** As the clocks left them when they were started. */
const TIMERS = `
insert into outbox (tenant_id, id, kind, type, payload, actor_id, actor_name, run_at, at)
select $1, pg_temp.id_of($1, ${TIMER}, row_number() over (order by c.id), c.created_at), 'job', 'inquiries.check-clock',
  jsonb_build_object('clockId', c.id, 'at', c.warn_at), i.created_by, 'bench', c.warn_at, c.created_at
from inquiry_clocks c join inquiries i on i.tenant_id = c.tenant_id and i.id = c.inquiry_id where c.tenant_id = $1 and c.stopped_at is null
  and i.number > ${OPEN_NUMBERS}`;

const PENDING = `
with ${DESK}
insert into approval_requests (tenant_id, id, subject_kind, subject_id, revision, content_hash, title, team_id, due_at, requested_by,
  excluded, status, missing, created_at, updated_at)
select $1, pg_temp.id_of($1, ${APPROVAL}, n, ${AT}), 'responses.response', gen_random_uuid(), 1, md5(n::text), 'Answer to a customer', desk.id,
  ${DUE}, author, array[author], 'pending', 1, ${AT}, ${AT}
from generate_series(1, $2) n, desk, lateral (select pg_temp.pick(desk.officers, n) as author) written order by n desc`;

export const DESK_TABLES = [
  { table: 'officers', sql: OFFICERS, of: 'officers' },
  { table: 'customers', sql: CUSTOMERS, of: 'customers' },
  { table: 'contact points', sql: CONTACT_POINTS },
  { table: 'closed inquiries', sql: CLOSED, of: 'closed' },
  { table: 'open inquiries', sql: OPEN, of: 'open' },
  { table: 'clocks', sql: CLOCKS },
  { table: 'timers', sql: TIMERS },
  { table: 'pending approvals', sql: PENDING, of: 'approvals' },
];
