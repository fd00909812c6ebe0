import { Actor, anyOf } from '@app/kernel';
import { Database, GuardedRecordsPort, Ports, type Searchable, SearchablePort } from '@app/platform';
import { bootSlice, type Slice } from '@app/platform/testing';
import { searchAs } from '@app/search/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contexts } from '../../../contexts.js';
import { mayReach, type Somebody, somebodyAt } from './testing/oracle.js';
import { build, type Kind, type Standing, standingsIn, World } from './testing/world.js';

/** Records that somebody can be refused, and that the search over everything does not know. Each with its reason. */
const NOT_SEARCHED: Readonly<Record<string, string>> = {
  approvals: 'a decision about another record, found where it waits: in the queue',
  macros: 'a text to answer with and no record of business: picked from its list while writing',
  pipelines: 'how the company sells, and no record of business: picked from its list',
  mail: 'its words are messages of the inquiry that it became',
  responses: 'an answer is found with its inquiry',
  worklogs: 'time spent on a task or project, which are found',
};

describe('The search over everything', () => {
  let slice: Slice;
  let searchables: readonly Searchable[];
  let standings: Standing[];
  const worlds = [new World('nearby'), new World('faraway')] as const;

  beforeAll(async () => {
    slice = await bootSlice({ contexts: [...contexts] });
    await build(slice, worlds);
    standings = await standingsIn(slice, worlds);
    searchables = slice.get(Ports).all(SearchablePort);
  });
  afterAll(() => slice?.close());

  const kindsSearched = (): string[] => searchables.map(({ records }) => records.kind).sort();

  it('knows every kind of record that has a reach, or it is said why not', () => {
    const guarded = slice.get(Ports).all(GuardedRecordsPort);
    const unknown = guarded.map(({ kind }) => kind).filter((kind) => !kindsSearched().includes(kind));
    expect(unknown.sort()).toEqual(Object.keys(NOT_SEARCHED).sort());
  });

  it('reaches each kind as its own lists do', () => {
    for (const guarded of slice.get(Ports).all(GuardedRecordsPort)) {
      const searchable = searchables.find(({ records }) => records.kind === guarded.kind);
      if (searchable) expect(searchable.records).toBe(guarded);
    }
  });

  it('is kept by triggers of each table, for every way in which a row is written', async () => {
    const { rows } = await slice.superuser.query<{ kind: string; ways: number }>(
      `select tgrelid::regclass::text as kind, bit_or(tgtype & 28) as ways from pg_trigger
        where tgname in ('search_document', 'search_document_of_new') group by 1 order by 1`,
    );
    // bits of tgtype: INSERT, DELETE and UPDATE
    expect(rows).toEqual(kindsSearched().map((kind) => ({ kind, ways: 4 | 8 | 16 })));
  });

  it('holds a document for each record that is there, and for none that is not', async () => {
    for (const { records } of searchables) {
      const { rows } = await slice.superuser.query<{ odd: number; all: number }>(
        `with there as (select ${records.id} as id from ${records.from} where ${records.isPresent}),
           known as (select id from search_documents where kind = $1)
         select (select count(*)::int from there full join known using (id) where there.id is null or known.id is null) as odd,
           (select count(*)::int from there) as all`,
        [records.kind],
      );
      expect({ kind: records.kind, odd: rows[0]?.odd }).toEqual({ kind: records.kind, odd: 0 });
      if (records.kind !== 'companies') expect(rows[0]?.all).toBeGreaterThan(20);
    }
  });

  function* everybody(): Generator<Somebody> {
    for (const standing of standings)
      for (const scope of ['own', 'team', 'all'])
        for (const only of [undefined, ...kindsSearched()]) {
          const kinds = only ? [only, 'inquiries'] : kindsSearched();
          yield somebodyAt(
            standing,
            kinds.map((kind) => `${kind}:read_${scope}`),
          );
        }
  }

  it('finds and counts, whoever asks, what they may read: no record more and none less', async () => {
    const differences: object[] = [];
    for (const one of everybody())
      for (const { world } of [{ world: worlds[0] }, { world: worlds[1] }]) {
        const { data, meta } = await searchAs(slice, one.actor, { q: world.word, limit: '100' });
        const due = dueOf(one, world);
        const counted = Object.fromEntries(Object.entries(meta.counts ?? {}).filter(([, count]) => count > 0));
        const wrong = data.filter(({ id, type }) => !due.get(type)?.has(id));
        const sum = [...due.values()].reduce((all, { size }) => all + size, 0);
        const sizes = Object.fromEntries([...due].map(([kind, { size }]) => [kind, size]));
        if (wrong.length || meta.total !== sum || JSON.stringify(sorted(counted)) !== JSON.stringify(sorted(sizes)))
          differences.push({ grants: one.actor.grants, places: one.places, word: world.word, wrong, counted, sizes });
      }
    expect(differences).toEqual([]);
  });

  /** By the oracle, which is no code of the product. */
  function dueOf(one: Somebody, world: World): Map<string, Set<string>> {
    const due = new Map<string, Set<string>>();
    for (const { records } of searchables) {
      const facts = world.of(records.kind as Kind).filter((fact) => mayReach(one, records.read, fact));
      if (facts.length) due.set(records.kind, new Set(facts.map(({ id }) => id)));
    }
    return due;
  }

  const sorted = (counts: Record<string, number>): [string, number][] =>
    Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));

  it('answers as the lists themselves do', async () => {
    const [world] = worlds;
    const actor = new Actor(world.people.me, world.id, 'Me', new Set(['tasks:read_team']), [world.teams.a]);
    const { records } = searchables.find((one) => one.records.kind === 'tasks')!;
    const params: unknown[] = [];
    const sql = `select ${records.id} as id from ${records.from} where ${records.isPresent} and ${anyOf(records.ways(actor, records.read, params))}`;
    const listed = await slice.as(actor, () => slice.get(Database).query<{ id: string }>(sql, params));
    const { meta } = await searchAs(slice, actor, { q: 'nearby' });
    expect(meta.total).toBe(listed.length);
  });
});
