import { type Actor, Invalid } from '@app/kernel';
import {
  currentActor,
  type Page,
  Ports,
  type TimelineEntry,
  type TimelinePoint,
  TimelinePort,
  type TimelineSource,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerReach } from '../customer.reach.js';
import type { TimelineQuery } from './timeline.dto.js';
import { shownEntries } from './shown-entries.js';
import { readCursor, type TimelineAsked, writeCursor } from './timeline-cursor.js';

const DEFAULT_LIMIT = 20;
const LARGE_BATCH = 100;
/** Sources tell the newest first. The other order is theirs turned around, which needs all of it. */
const MOST_TURNED = 2_000;

class TooLongToTurn extends Invalid {
  constructor() {
    super(
      'timeline_too_long',
      `The oldest come first only in timelines of up to ${MOST_TURNED} entries; filter by kind, or read the newest first`,
    );
  }
}

/** One stream of what all contexts tell of a customer. */
@Injectable()
export class TimelineReader {
  constructor(
    private readonly ports: Ports,
    private readonly reach: CustomerReach,
  ) {}

  /** @throws RecordNotFound, Invalid for an unknown kind or a cursor of another question */
  async page(
    customerId: string,
    { limit = DEFAULT_LIMIT, kind, order = 'desc', cursor }: TimelineQuery,
  ): Promise<Page<TimelineEntry>> {
    const actor = currentActor();
    await this.reach.assertReadable(actor, customerId);
    const asked: TimelineAsked = { order, kinds: this.knownKinds(kind) };
    const from = cursor === undefined ? undefined : readCursor(cursor, asked);
    const told =
      order === 'desc'
        ? await take(this.newestFirst(customerId, actor, asked, from, limit + 1), limit + 1)
        : await this.oldestFirst(customerId, actor, asked, from);
    const data = told.slice(0, limit);
    const last = told.length > limit ? data.at(-1) : undefined;
    const nextCursor = last ? writeCursor(asked, last) : null;
    return {
      data,
      meta: {
        page: null,
        limit,
        total: null,
        totalPages: null,
        hasNext: last !== undefined,
        hasPrev: from !== undefined,
        nextCursor,
      },
    };
  }

  private async oldestFirst(
    customerId: string,
    actor: Actor,
    asked: TimelineAsked,
    after: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    const all = await take(this.newestFirst(customerId, actor, asked, undefined, LARGE_BATCH), MOST_TURNED + 1);
    if (all.length > MOST_TURNED) throw new TooLongToTurn();
    return all.reverse().filter((entry) => !after || newerFirst(entry, after) < 0);
  }

  /** One query for each source and batch; of each batch as much is told as no source can still come before. */
  private async *newestFirst(
    customerId: string,
    actor: Actor,
    { kinds }: TimelineAsked,
    before: TimelinePoint | undefined,
    size: number,
  ): AsyncGenerator<TimelineEntry> {
    const sources = this.sources.filter((source) => !kinds.length || source.kinds.some((kind) => kinds.includes(kind)));
    const batch = kinds.length ? Math.max(size, LARGE_BATCH) : size;
    for (let point = before; ;) {
      const told = await Promise.all(sources.map((source) => source.entries(customerId, actor, batch, point)));
      const isAll = told.every((entries) => entries.length < batch);
      const merged = told.flat().sort(newerFirst);
      const certain = isAll ? merged : merged.slice(0, batch);
      for (const entry of shownEntries(sources, certain)) if (!kinds.length || kinds.includes(entry.kind)) yield entry;
      if (isAll) return;
      point = certain.at(-1);
    }
  }

  /** In one order, so that a cursor knows its question again. @throws Invalid */
  private knownKinds(kind: string | undefined): string[] {
    const kinds = [...new Set(kind?.split(',') ?? [])].sort();
    const known = this.sources.flatMap((source) => source.kinds);
    const unknown = kinds.find((one) => !known.includes(one));
    if (unknown === undefined) return kinds;
    const fault = {
      pointer: 'query/kind',
      code: 'invalid_value',
      message: `${unknown} is not one of ${known.join(', ')}`,
    };
    throw new Invalid('invalid_query', 'The query is not valid', { errors: [fault] });
  }

  private get sources(): readonly TimelineSource[] {
    return this.ports.all(TimelinePort);
  }
}

async function take<T>(entries: AsyncIterable<T>, most: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const entry of entries) {
    taken.push(entry);
    if (taken.length === most) break;
  }
  return taken;
}

/** Negative when `a` comes first: is newer, or of a greater kind, or has a greater id. */
const newerFirst = (a: TimelinePoint, b: TimelinePoint): number =>
  b.at.getTime() - a.at.getTime() || compare(b.kind, a.kind) || compare(b.id, a.id);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
