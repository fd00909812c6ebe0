import { type Actor, anyOf } from '@app/kernel';
import {
  currentActor,
  currentFieldRights,
  Database,
  type ListQuery,
  Ports,
  readPage,
  type Searchable,
  SearchablePort,
  SEARCHED_PARTS,
  type SearchedPart,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { excerpt, marked, type Sought, soughtBy } from './highlights.js';
import type { Highlights, HitView, SearchMeta } from './search.dto.js';
import { TypeUnknown } from './search.errors.js';
import { SearchList } from './search.list.js';

/** As far as pages reach, and one more, which tells that there are more. */
const MOST_COUNTED = 10_000;
/** Of somebody's own many records lie between those of others: so many are looked at before their reach is asked. */
const MOST_LOOKED_AT = 100_000;
/** What is only written alike is no answer by the hundreds. */
const MOST_ALIKE = 100;
/** Of a longer text, where what was found is looked for to be shown. */
const MOST_SHOWN = 2_000;

type Counts = Readonly<Record<string, number>>;
type Hit = Pick<HitView, 'id' | 'type' | 'score' | 'createdAt'> & { document: Document; counts?: Counts };
type Document = { title: string; subtitle: string | null; body: string | null };
/** The rows `f` that somebody finds, as SQL. */
type Found = { readonly from: string; readonly params: readonly unknown[] };

const COLUMNS = {
  id: 'f.id',
  type: 'f.kind',
  score: 'f.score::float8',
  createdAt: 'f.created_at',
  document: `(select json_build_object('title', d.title, 'subtitle', d.subtitle, 'body', left(d.body, ${MOST_SHOWN}))
    from search_documents d where d.tenant_id = app_tenant() and d.kind = f.kind and d.id = f.id)`,
} as const;

@Injectable()
export class SearchQueries {
  constructor(
    private readonly db: Database,
    private readonly ports: Ports,
  ) {}

  /** What the actor may read of what is sought, in one statement with how much of it there is. @throws TypeUnknown */
  async find(query: ListQuery): Promise<{ data: HitView[]; meta: SearchMeta }> {
    const { q = '', parameters, count } = query;
    const actor = currentActor();
    const among = this.among(parameters.types).filter(({ records }) => records.ways(actor, records.read, []).length);
    const found = foundBy(q, among, actor);
    const sought = soughtBy(q);
    let counts: Counts | undefined;
    const { data, meta } = await readPage<Hit, HitView>(this.db, {
      ...found,
      select: count === 'none' ? COLUMNS : { ...COLUMNS, counts: 'f.counts' },
      query: { ...query, q: undefined, count: 'none' },
      spec: SearchList,
      map: ({ counts: all, ...hit }) => {
        counts = all;
        return shownHit(toView(hit, sought), among);
      },
    });
    if (count === 'none') return { data, meta: { ...meta, counts: null } };
    // No hit to tell of them: there are none, or none so far down.
    if (!counts && meta.hasPrev) counts = await this.counts(found);
    return { data, meta: { ...meta, ...countOf(counts ?? {}, among, query) } };
  }

  private among(types: string | undefined): readonly Searchable[] {
    const known = this.ports.all(SearchablePort);
    if (!types) return known;
    const asked = types.split(',');
    const kinds = known.map(({ records }) => records.kind);
    const unknown = asked.filter((type) => !kinds.includes(type));
    if (unknown.length) throw new TypeUnknown(unknown, kinds.sort());
    return known.filter(({ records }) => asked.includes(records.kind));
  }

  private async counts({ from, params }: Found): Promise<Counts | undefined> {
    const row = await this.db.one<{ counts: Counts }>(`select f.counts from ${from} limit 1`, [...params]);
    return row?.counts;
  }
}

function countOf(
  counts: Counts,
  among: readonly Searchable[],
  { limit }: ListQuery,
): Pick<SearchMeta, 'total' | 'totalPages' | 'totalIsCapped' | 'counts'> {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const total = Math.min(all, MOST_COUNTED);
  return {
    total,
    totalPages: Math.ceil(total / limit),
    counts: Object.fromEntries(among.map(({ records: { kind } }) => [kind, counts[kind] ?? 0])),
    ...(all > total && { totalIsCapped: true }),
  };
}

/**
 * What is written alike is only answered where nothing that the actor may read is written so: what others have must not
 * decide it, or the answer would tell of it.
 */
function foundBy(q: string, among: readonly Searchable[], actor: Actor): Found {
  const params: unknown[] = [q, among.map(({ records }) => records.kind)];
  const { reached, isWhole } = reachOf(among, actor, params);
  const door = (name: string): string =>
    `select f.* from ${name}($1, $2, ${isWhole ? MOST_COUNTED + 1 : MOST_LOOKED_AT}) f where ${reached}`;
  const alike = `${door('search_alike')} and not exists (select from exact) order by f.score desc, f.created_at desc limit ${MOST_ALIKE}`;
  const counts = 'select json_object_agg(kind, count) from (select kind, count(*) from hits group by kind) counted';
  return {
    from: `(with exact as materialized (${door('search_exactly')}), hits as materialized (select * from exact union all (${alike}))
      select hits.*, (${counts}) as counts from hits) f`,
    params,
  };
}

/** Which parts of a kind's documents whoever asks may not see. */
function hiddenParts({ records: { kind }, tells }: Searchable): readonly SearchedPart[] {
  const hidden = currentFieldRights()?.hiddenOf(kind);
  return hidden?.size ? SEARCHED_PARTS.filter((part) => tells[part]?.some((field) => hidden.has(field))) : [];
}

/**
 * SQL that what was sought stands in the parts of `f`'s document that whoever asks may see. Its keys are left out with them:
 * they come from the same fields.
 */
function seenIn(hidden: readonly SearchedPart[]): string {
  const parts = SEARCHED_PARTS.map((part) => (hidden.includes(part) ? 'null' : `d.${part}`));
  return `exists (select 1 from search_documents d where d.tenant_id = app_tenant() and d.kind = f.kind and d.id = f.id
    and search_words(${parts.join(', ')}, null) @@ search_query($1))`;
}

/** Over `f`, what a door found. A document is there as long as its record is: who may read all of a kind asks nothing more. */
function reachOf(among: readonly Searchable[], actor: Actor, params: unknown[]): { reached: string; isWhole: boolean } {
  const ways = among.map((searchable) => {
    const { records } = searchable;
    const { kind, from, id, isPresent } = records;
    const within = anyOf(records.ways(actor, records.read, params));
    const hidden = hiddenParts(searchable);
    const seen = hidden.length ? ` and ${seenIn(hidden)}` : '';
    if (within === 'true') return { sql: `f.kind = '${kind}'${seen}`, isWhole: !seen };
    return {
      sql: `f.kind = '${kind}' and exists (select 1 from ${from} where ${id} = f.id and ${isPresent} and ${within})${seen}`,
      isWhole: false,
    };
  });
  if (ways.every(({ isWhole }) => isWhole)) return { reached: 'true', isWhole: true };
  return { reached: `(${ways.map(({ sql }) => `(${sql})`).join(' or ')})`, isWhole: false };
}

function shownHit(hit: HitView, among: readonly Searchable[]): HitView {
  const searchable = among.find(({ records }) => records.kind === hit.type);
  const hidden: readonly string[] = searchable ? hiddenParts(searchable) : [];
  if (hidden.length === 0) return hit;
  const isShown = ([name]: [string, unknown]): boolean => !hidden.includes(name);
  const highlights = Object.fromEntries(Object.entries(hit.highlights).filter(isShown)) as unknown as Highlights;
  return { ...(Object.fromEntries(Object.entries(hit).filter(isShown)) as unknown as HitView), highlights };
}

function toView({ document, ...hit }: Hit, sought: Sought): HitView {
  const { title, subtitle, body } = document;
  const highlights = {
    title: marked(title, sought),
    subtitle: subtitle && marked(subtitle, sought),
    body: body && excerpt(body, sought),
  };
  return { ...hit, title, subtitle, highlights, url: `/api/v1/${hit.type}/${hit.id}` };
}
