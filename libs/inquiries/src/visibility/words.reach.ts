import type { Actor } from '@app/kernel';

/** The reader and their teams as placeholders; undefined for the system itself, which reads everything. */
function readerIn(actor: Actor, params: unknown[]): string | undefined {
  if (actor.kind === 'system') return undefined;
  return `$${params.push(actor.id)}::uuid, $${params.push(actor.reachedTeams)}::uuid[]`;
}

/** SQL: the words of the message `alias`, a row of inquiry_messages, are for the actor. */
export function wordsShown(alias: string, actor: Actor, params: unknown[]): string {
  const reader = readerIn(actor, params);
  return reader ? `(${alias}.visibility = 'all' or message_is_open(${alias}.id, ${reader}))` : 'true';
}

/**
 * SQL: what the inquiry `i`, a row of inquiries, repeats of its first message is for the actor. Asked of the rows of a page
 * that are not for all, one by one: as an `exists` PostgreSQL would ask it of every message there is, to hash the answers.
 */
export function askedShown(actor: Actor, params: unknown[]): string {
  const reader = readerIn(actor, params);
  if (!reader) return 'true';
  return `(i.visibility = 'all' or coalesce((select message_is_open(asked.id, ${reader}) from inquiry_messages asked
    where asked.tenant_id = i.tenant_id and asked.inquiry_id = i.id and asked.seq = 1), false))`;
}

/**
 * SQL: all that is read as one with an inquiry is for the actor. `inquiryId` is a column of the caller's, which is not called
 * `kept`, `its` or `mine`. What is kept from them
 * stands in it, in what was merged into it, in what it was merged into, or in what else was: each a condition of one column,
 * which PostgreSQL can hash.
 */
export function conversationShown(inquiryId: string, actor: Actor, params: unknown[]): string {
  const reader = readerIn(actor, params);
  if (!reader) return 'true';
  const hidden = `kept.tenant_id = app_tenant() and kept.visibility <> 'all' and not message_is_open(kept.id, ${reader})`;
  const places = [
    `where kept.inquiry_id = ${inquiryId}`,
    `join inquiries its on its.tenant_id = kept.tenant_id and its.id = kept.inquiry_id where its.merged_into = ${inquiryId}`,
    `join inquiries mine on mine.tenant_id = kept.tenant_id and mine.merged_into = kept.inquiry_id where mine.id = ${inquiryId}`,
    `join inquiries its on its.tenant_id = kept.tenant_id and its.id = kept.inquiry_id
      join inquiries mine on mine.tenant_id = its.tenant_id and mine.merged_into = its.merged_into where mine.id = ${inquiryId}`,
  ];
  return `not (${places.map((place) => `exists (select 1 from inquiry_messages kept ${place} and ${hidden})`).join(' or ')})`;
}

/** The same of one inquiry, for the few rows of a page: a call for each, and next to nothing to plan. */
export function conversationOpen(inquiryId: string, actor: Actor, params: unknown[]): string {
  const reader = readerIn(actor, params);
  return reader ? `conversation_is_open(${inquiryId}, ${reader})` : 'true';
}

/** SQL: the words of the message of which `condition` holds over `said` are for the actor; null where there is none. */
export function messageShown(condition: string, actor: Actor, params: unknown[]): string {
  return `(select ${wordsShown('said', actor, params)} from inquiry_messages said
    where said.tenant_id = app_tenant() and ${condition})`;
}
