import type { Actor } from '@app/kernel';
import { definePort } from './port.js';

/** One thing that happened with a customer, as its context tells it. */
export type TimelineEntry = {
  /** Unique within its kind: the id of the row it tells of, or `<id>:<what>`. */
  id: string;
  /** `<context>.<what>`: `inquiries.message-received`. */
  kind: string;
  at: Date;
  title: string;
  /** The record to open: `{ resource: 'inquiries', id }`. */
  ref: { resource: string; id: string };
  actorId: string | null;
  details: Record<string, unknown>;
};

/** Before this point, exclusive: newest first, `kind` and `id` break ties. */
export type TimelinePoint = { at: Date; kind: string; id: string };

/** Which fields of records the entries of a source quote. */
export type TimelineQuotes = {
  /** As in permissions: `deals`. */
  readonly record: string;
  /** The kinds of entries that do; all of the source's unless given. */
  readonly kinds?: readonly string[];
  /** The fields that their titles quote: to whom one of them is not told, neither is the entry. */
  readonly title?: readonly string[];
  /** By the keys of their details, the field that each quotes. */
  readonly details?: Readonly<Record<string, string>>;
};

/** What a context tells of one customer. */
export interface TimelineSource {
  /** Taken out by the reader for those whose roles keep a field from them. */
  readonly quotes?: readonly TimelineQuotes[];
  /** Kinds it may tell; asked for only those when the reader filters. */
  readonly kinds: readonly string[];
  /** At most `limit` entries before `before`, newest first, only what the actor may see. */
  entries(customerId: string, actor: Actor, limit: number, before: TimelinePoint | undefined): Promise<TimelineEntry[]>;
}

type Told = { readonly at: string; readonly kind: string; readonly id: string };

// Compared byte by byte, as the reader does who merges what several sources tell.
const bytes = (text: string): string => `(${text}) collate "C"`;

/** SQL for "earlier than this point", over a source's own expressions; values go into `params`. */
export function toldBefore({ at, kind, id }: Told, point: TimelinePoint | undefined, params: unknown[]): string {
  if (!point) return 'true';
  const place = (value: unknown, type: string): string => `$${params.push(value)}::${type}`;
  const values = [place(point.at, 'timestamptz'), place(point.kind, 'text'), place(point.id, 'text')];
  return `(${at}, ${bytes(kind)}, ${bytes(id)}) < (${values.join(', ')})`;
}

/** SQL for the order that a source tells in: the newest first. */
export const newestFirst = ({ at, kind, id }: Told): string => `${at} desc, ${bytes(kind)} desc, ${bytes(id)} desc`;

export const TimelinePort = definePort<TimelineSource>('timeline');
