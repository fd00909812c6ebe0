import { createTenantTable, dropTables } from '@app/platform';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What staff writes about an inquiry with others than its customer. Nothing of it is a message of the inquiry. */
export class SideConversations1764002261000 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createTenantTable(q, 'side_conversations', CONVERSATIONS, { audit: true });
    await q.query(
      'create index side_conversations_by_time on side_conversations (tenant_id, inquiry_id, last_message_at desc, id desc)',
    );
    await createTenantTable(q, 'side_messages', MESSAGES, { audit: true, except: ['body', 'html'] });
    await q.query(
      'create index side_messages_by_message_id on side_messages (tenant_id, message_id) where message_id is not null',
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await dropTables(q, 'side_messages', 'side_conversations');
  }
}

const KEPT = `
  version int not null default 1,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null default clock_timestamp()`;

const CONVERSATIONS = `
  id uuid not null, inquiry_id uuid not null,
  subject text not null constraint side_conversations_subject_is_bounded check (length(subject) between 1 and 300),
  recipients jsonb not null constraint side_conversations_recipients_are_bounded
    check (jsonb_typeof(recipients) = 'array' and jsonb_array_length(recipients) between 1 and 10),
  state text not null default 'open' constraint side_conversations_state_is_known check (state in ('open', 'closed')),
  visibility text not null default 'all' constraint side_conversations_visibility_is_known
    check (visibility in ('all', 'team', 'participants')),
  message_count int not null constraint side_conversations_say_something check (message_count > 0),
  last_message_at timestamptz(3) not null,
  started_by uuid not null,
  ${KEPT},
  constraint side_conversations_inquiry foreign key (tenant_id, inquiry_id) references inquiries (tenant_id, id) on delete cascade`;

// What we write has an author and a mail that carries it; what comes in is a mail.
const MESSAGES = `
  id uuid not null, side_conversation_id uuid not null,
  seq int not null constraint side_messages_seq_is_positive check (seq > 0),
  direction text not null constraint side_messages_direction_is_known check (direction in ('in', 'out')),
  author_id uuid, author_name text, author_address text,
  recipients jsonb not null default '[]',
  body text not null, html text, attachments jsonb not null default '[]',
  mail_id uuid, outgoing_id uuid, message_id text, refs text[] not null default '{}',
  delivery text constraint side_messages_delivery_is_known
    check (delivery in ('queued', 'sent', 'failed', 'unknown', 'suppressed', 'bounced')),
  fault text, is_automatic boolean not null default false,
  at timestamptz(3) not null,
  ${KEPT},
  constraint side_messages_go_one_way check (case direction
    when 'out' then author_id is not null and outgoing_id is not null and delivery is not null and mail_id is null and not is_automatic
    else mail_id is not null and author_id is null and outgoing_id is null and delivery is null and fault is null end),
  constraint side_messages_conversation foreign key (tenant_id, side_conversation_id)
    references side_conversations (tenant_id, id) on delete cascade,
  constraint side_messages_seq_is_free unique (tenant_id, side_conversation_id, seq),
  constraint side_messages_mail_once unique (tenant_id, mail_id),
  constraint side_messages_outgoing_once unique (tenant_id, outgoing_id)`;
