import { dropFunction, rewriteFunctions } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who may read the words of a message. That a message is never wider than what stands before it in its thread, whoever writes
 * it, is a trigger's; who may read one is one function, which every reader asks.
 */
export class MessageVisibility1764002231000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table inquiry_messages
      add visibility text not null default 'all'
        constraint inquiry_messages_visibility_is_known check (visibility in ${VISIBILITIES}),
      add named uuid[] not null default '{}', add writers uuid[] not null default '{}',
      add restricted_at timestamptz(3), add version int not null default 1,
      add constraint inquiry_messages_restriction_has_time check ((visibility = 'all') = (restricted_at is null))`);
    await q.query(`alter table inquiries add visibility text not null default 'all'
      constraint inquiries_visibility_is_known check (visibility in ${VISIBILITIES})`);
    await q.query(
      `create index inquiry_messages_restricted on inquiry_messages (tenant_id, inquiry_id) where visibility <> 'all'`,
    );
    for (const ddl of [THREAD, NARROWEST, NARROW, TELL, IS_OPEN, IS_WHOLE]) await q.query(ddl);
    await q.query(`create trigger narrow before insert or update of visibility, named on inquiry_messages
      for each row execute function inquiry_messages_narrow()`);
    await q.query(`create trigger tell_inquiry after insert or update of visibility, named on inquiry_messages
      for each row when (new.seq = 1) execute function inquiry_messages_tell_inquiry()`);
    await this.keepOutOfSearches(q);
  }

  async down(q: QueryRunner): Promise<void> {
    await this.bringBackIntoSearches(q);
    for (const signature of FUNCTIONS) await dropFunction(q, signature);
    await q.query('alter table inquiries drop visibility');
    await q.query(
      'alter table inquiry_messages drop visibility, drop named, drop writers, drop restricted_at, drop version',
    );
  }

  /** Nobody finds by its words what is not for all: a search that knew who asks would tell by its counts and its order. */
  private async keepOutOfSearches(q: QueryRunner): Promise<void> {
    for (const [name, before, after] of SEARCHES) await rewriteFunctions(q, [name], before, after);
    await this.watch(q, 'number, subject, message, deleted_at, visibility');
  }

  private async bringBackIntoSearches(q: QueryRunner): Promise<void> {
    for (const [name, before, after] of SEARCHES) await rewriteFunctions(q, [name], after, before);
    await q.query(`update search_documents s set title = d.title, body = d.body, words = d.words
      from inquiries r, inquiries_search_document(r) d
      where r.visibility <> 'all' and s.tenant_id = r.tenant_id and s.kind = 'inquiries' and s.id = r.id`);
    await this.watch(q, 'number, subject, message, deleted_at');
  }

  private async watch(q: QueryRunner, columns: string): Promise<void> {
    await q.query('drop trigger search_document on inquiries');
    await q.query(`create trigger search_document after delete or update of ${columns} on inquiries
      for each row execute function inquiries_keep_search_document()`);
  }
}

const VISIBILITIES = `('all', 'team', 'participants')`;
const FUNCTIONS = [
  'inquiry_messages_tell_inquiry()',
  'inquiry_messages_narrow()',
  'inquiry_narrowest(uuid, uuid, uuid, boolean)',
  'inquiry_thread(uuid, uuid)',
  'conversation_is_open(uuid, uuid, uuid[])',
  'message_is_open(uuid, uuid, uuid[])',
];

// The row that is written may be older than what its message has said since, in the same statement.
const FOR_ALL = `(r.visibility = 'all' and not exists (select 1 from inquiry_messages m
    where m.tenant_id = r.tenant_id and m.inquiry_id = r.id and m.seq = 1 and m.visibility <> 'all'))`;
const REFERENCE = `'INQ-' || lpad(r.number::text, greatest(6, length(r.number::text)), '0')`;
const SEARCHES = [
  [
    'inquiries_search_document',
    'select r.subject as title',
    `select case when ${FOR_ALL} then r.subject else ${REFERENCE} end as title`,
  ],
  ['inquiries_search_document', `nullif(r.message, '')`, `nullif(case when ${FOR_ALL} then r.message end, '')`],
  [
    'inquiries_search',
    `(i.subject || ' ' || i.message) ilike`,
    `i.visibility = 'all' and (i.subject || ' ' || i.message) ilike`,
  ],
] as const;

/** All that is read as one with an inquiry. */
const THREAD = `create function inquiry_thread(tenant uuid, inquiry uuid) returns setof uuid language sql stable as $$
  with home as (select coalesce(i.merged_into, i.id) as id from inquiries i where i.tenant_id = tenant and i.id = inquiry)
  select id from home
  union all select c.id from home join inquiries c on c.tenant_id = tenant and c.merged_into = home.id $$`;

/**
 * Of the mails that a message follows, the last that the fewest may read: in its thread, and where it is the first of an inquiry
 * also in what that follows up, or the message that it was made of. No mail quotes a note. Only who was named on what the
 * customer wrote reads on: whoever writes an answer or a note names people on that alone.
 */
const NARROWEST = `create function inquiry_narrowest(tenant uuid, inquiry uuid, but uuid, is_first boolean,
    out visibility text, out named uuid[], out since timestamptz)
  language sql stable as $$
  select f.visibility, case when f.direction = 'in' then f.named else '{}' end, min(f.restricted_at) over () from (
      select m.* from inquiry_thread(tenant, inquiry) t(id)
        join inquiry_messages m on m.tenant_id = tenant and m.inquiry_id = t.id and m.visibility <> 'all'
      union all select m.* from inquiries i cross join inquiry_thread(tenant, i.follow_up_of) t(id)
        join inquiry_messages m on m.tenant_id = tenant and m.inquiry_id = t.id and m.visibility <> 'all'
        where i.tenant_id = tenant and i.id = inquiry and is_first
      union all select m.* from inquiries i join inquiry_messages m on m.tenant_id = tenant and m.id = i.split_message_id
        where i.tenant_id = tenant and i.id = inquiry and is_first and m.visibility <> 'all') f
    where f.id <> but and f.direction <> 'note'
    order by (f.visibility = 'participants') desc, (f.direction = 'in') desc, f.at desc, f.seq desc limit 1 $$`;

/**
 * What is written quotes what stands before it. Whoever was named on that may read on, and whoever watched when it was kept from
 * others: to watch from then on is no way into what comes next. An inquiry may be written in the same statement as its first
 * message, which is looked at when the statement ends.
 */
const NARROW = `create function inquiry_messages_narrow() returns trigger language plpgsql as $$
declare
  former record;
  since timestamptz;
begin
  if tg_op = 'INSERT' and new.seq > 1 then
    select * into former from inquiry_narrowest(new.tenant_id, new.inquiry_id, new.id, false);
    since := former.since;
    if former.visibility = 'participants' or (former.visibility = 'team' and new.visibility <> 'participants') then
      new.visibility := former.visibility;
      new.named := array(select distinct person from unnest(new.named || former.named) person);
    end if;
  end if;
  if new.visibility = 'all' then
    new.restricted_at := null;
  elsif tg_op = 'INSERT' or old.visibility = 'all' then
    new.restricted_at := coalesce(since, clock_timestamp());
  else
    new.restricted_at := old.restricted_at;
  end if;
  if new.named <> '{}' and exists (select 1 from unnest(new.named) person
    where not exists (select 1 from users u where u.tenant_id = new.tenant_id and u.id = person)) then
    raise exception 'somebody who is named on a message is nobody' using errcode = 'foreign_key_violation',
      constraint = 'inquiry_messages_named_are_people', table = 'inquiry_messages';
  end if;
  return new;
end $$`;

/** What is copied of the first message stands with the inquiry, and is as hidden as it. */
const TELL = `create function inquiry_messages_tell_inquiry() returns trigger language plpgsql as $$
declare former record;
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from inquiries i where i.tenant_id = new.tenant_id and i.id = new.inquiry_id
      and (new.visibility <> 'all' or i.follow_up_of is not null or i.split_message_id is not null)) then
      return null;
    end if;
    select * into former from inquiry_narrowest(new.tenant_id, new.inquiry_id, new.id, true);
    if former.visibility = 'participants' or (former.visibility = 'team' and new.visibility <> 'participants') then
      update inquiry_messages set visibility = former.visibility,
          named = array(select distinct person from unnest(new.named || former.named) person)
        where tenant_id = new.tenant_id and id = new.id;
      return null;
    end if;
    update inquiries set visibility = new.visibility
      where tenant_id = new.tenant_id and id = new.inquiry_id and visibility <> new.visibility;
  else
    update inquiries set visibility = new.visibility, version = version + (pg_trigger_depth() = 1)::int, updated_at = now()
      where tenant_id = new.tenant_id and id = new.inquiry_id;
  end if;
  return null;
end $$`;

/**
 * Who may read the words of a message: readsWords in visibility.policy.ts says the same. Not in SQL, whose body would become part
 * of each of the dozens of conditions that ask it: planning one statement took half a second. A watcher takes part in what is
 * written while they watch, and not in what was closed before they came.
 */
const IS_OPEN = `create function message_is_open(wanted uuid, reader uuid, teams uuid[]) returns boolean language plpgsql stable as $$
begin
  return exists (select 1 from inquiry_messages m
    join inquiries i on i.tenant_id = m.tenant_id and i.id = m.inquiry_id
    left join inquiries home on home.tenant_id = i.tenant_id and home.id = i.merged_into
    where m.tenant_id = app_tenant() and m.id = wanted and (m.visibility = 'all'
      or reader in (m.author_id, i.assigned_to, home.assigned_to) or reader = any (m.named) or reader = any (m.writers)
      or (m.visibility = 'team' and (i.team_id = any (teams) or home.team_id = any (teams)))
      or exists (select 1 from inquiry_watchers w where w.tenant_id = m.tenant_id and w.inquiry_id = m.inquiry_id
        and w.user_id = reader and w.created_at < m.restricted_at)));
end $$`;

/** Whether somebody may read all that is read as one with an inquiry. */
const IS_WHOLE = `create function conversation_is_open(wanted uuid, reader uuid, teams uuid[]) returns boolean language plpgsql stable as $$
begin
  return not exists (select 1 from inquiry_thread(app_tenant(), wanted) t(id)
    join inquiry_messages kept on kept.tenant_id = app_tenant() and kept.inquiry_id = t.id and kept.visibility <> 'all'
    where not message_is_open(kept.id, reader, teams));
end $$`;
