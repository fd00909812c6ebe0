import { type Actor, newId } from '@app/kernel';
import { runAs, type TimelineEntry, type TimelinePoint, type TimelineSource } from '@app/platform';
import { anActor } from '@app/platform/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimelineReader } from './timeline.reader.js';

const byPlace = (a: TimelinePoint, b: TimelinePoint): number =>
  b.at.getTime() - a.at.getTime() || (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : a.id < b.id ? 1 : -1);

class Told implements TimelineSource {
  asked = 0;
  readonly kinds: readonly string[];

  constructor(private readonly all: TimelineEntry[]) {
    this.kinds = [...new Set(all.map(({ kind }) => kind)), 'never.told'];
  }

  async entries(
    _customerId: string,
    _actor: Actor,
    limit: number,
    before: TimelinePoint | undefined,
  ): Promise<TimelineEntry[]> {
    this.asked++;
    const rest = this.all.filter((entry) => !before || byPlace(entry, before) > 0);
    return rest.sort(byPlace).slice(0, limit);
  }
}

const entry = (source: number, at: number, kind: string, id: string): TimelineEntry => ({
  id,
  kind: `s${source}.${kind}`,
  at: new Date(at),
  title: kind,
  ref: { resource: 'things', id },
  actorId: null,
  details: {},
});

const readerOf = (sources: TimelineSource[]): TimelineReader =>
  new TimelineReader({ all: () => sources } as never, { assertReadable: async () => {} } as never);

async function readAll(
  reader: TimelineReader,
  query: Parameters<TimelineReader['page']>[1],
): Promise<TimelineEntry[][]> {
  const pages: TimelineEntry[][] = [];
  for (let cursor: string | undefined; ;) {
    const { data, meta } = await runAs(anActor(), 'test', () => reader.page(newId(), { ...query, cursor }));
    pages.push(data);
    if (!meta.nextCursor) return pages;
    cursor = meta.nextCursor;
  }
}

describe('The timeline', () => {
  it('tells what all contexts tell once and in order, however it is paged and narrowed', async () => {
    const told = fc.uniqueArray(
      fc.record({
        source: fc.nat(2),
        at: fc.nat(8),
        kind: fc.constantFrom('a', 'b'),
        id: fc.constantFrom('1', '2', '3'),
      }),
      {
        selector: (one) => JSON.stringify(one),
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        told,
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('asc', 'desc'),
        fc.constantFrom(undefined, 'a', 'b'),
        async (all, limit, order, narrowed) => {
          const entries = all.map(({ source, at, kind, id }) => entry(source, at, kind, `${id}-${at}`));
          const sources = [0, 1, 2].map(
            (source) => new Told(entries.filter(({ kind }) => kind.startsWith(`s${source}.`))),
          );
          const kinds =
            narrowed && sources.flatMap((source) => source.kinds).filter((kind) => kind.endsWith(`.${narrowed}`));
          const kind = kinds?.length ? kinds.join() : undefined;
          const expected = entries.filter((one) => !kind || kinds?.includes(one.kind)).sort(byPlace);
          const pages = await readAll(readerOf(sources), { limit, order, kind });
          expect(pages.flat()).toEqual(order === 'asc' ? expected.reverse() : expected);
          expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
        },
      ),
    );
  });

  it('asks each source once for a page', async () => {
    const sources = [0, 1].map(
      (source) => new Told(Array.from({ length: 50 }, (_, at) => entry(source, at, 'a', `${at}`))),
    );
    await runAs(anActor(), 'test', () => readerOf(sources).page(newId(), { limit: 20 }));
    expect(sources.map(({ asked }) => asked)).toEqual([1, 1]);
  });

  it('asks only the sources of the kinds that are wanted', async () => {
    const sources = [0, 1].map((source) => new Told([entry(source, 1, 'a', '1')]));
    await runAs(anActor(), 'test', () => readerOf(sources).page(newId(), { kind: 's1.a' }));
    expect(sources.map(({ asked }) => asked)).toEqual([0, 1]);
  });

  it('turns only so much around', async () => {
    const long = new Told(Array.from({ length: 2_001 }, (_, at) => entry(0, at, 'a', `${at}`)));
    await expect(readAll(readerOf([long]), { order: 'asc' })).rejects.toMatchObject({ code: 'timeline_too_long' });
  });

  it('refuses the cursor of another question', async () => {
    const reader = readerOf([new Told([entry(0, 1, 'a', '1'), entry(0, 2, 'a', '2')])]);
    const page = (query: Parameters<TimelineReader['page']>[1]) =>
      runAs(anActor(), 'test', () => reader.page(newId(), query));
    const { meta } = await page({ limit: 1 });
    const cursor = meta.nextCursor ?? '';
    expect((await page({ limit: 1, cursor })).data).toHaveLength(1);
    await expect(page({ cursor, order: 'asc' })).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(page({ cursor, kind: 's0.a' })).rejects.toMatchObject({ code: 'invalid_query' });
    await expect(page({ cursor: 'W10' })).rejects.toMatchObject({ code: 'invalid_query' });
  });
});
