import { compile } from './condition-sql.js';
import { encodeCursor, keyText } from './cursor.js';
import { columnOf, idOf } from './fields.js';
import { LAST_PAGED_ROW, type ListQuery } from './list-query.js';
import { shownNames } from '../field-rights/shown-fields.js';
import { currentScope } from '../scope/index.js';
import type { ListSpec } from './list-spec.js';
import type { PageMeta } from './page.dto.js';
import { SharedReads } from './shared-reads.js';
import { orderBy, partsAfter } from './sort.js';
import { customKeys } from './tenant-fields.js';
import { momentOf } from './moments.js';

export type Queryable = {
  query<T>(sql: string, params?: unknown[]): Promise<T[]>;
  /** One connection, which runs one statement at a time: rows and total are then read one after the other. */
  readonly isInTransaction?: boolean;
};

export type Page<View> = { data: View[]; meta: PageMeta };

export type PageRead<Row, View> = {
  /** Output name to SQL. `fields` narrows it, unless there is a `withhold` or a `map`, which may need any column. */
  readonly select: Readonly<Record<string, string>>;
  readonly from: string;
  /** The list's own condition, such as the reach of the reader's permission; its `$1...` are `params`. */
  readonly where?: string;
  readonly params?: readonly unknown[];
  readonly query: ListQuery;
  readonly spec: ListSpec;
  /** For `q`: a SELECT of ids, given the placeholder of the term. */
  readonly searchIds?: (term: string) => string;
  /** Takes from the rows of the page, before anybody sees them, what is not for the reader. */
  readonly withhold?: (rows: readonly Row[]) => Promise<void>;
  readonly map?: (row: Row) => View;
};

/** What the statements need to know of a read, whatever its rows become. */
type Source = Omit<PageRead<unknown, unknown>, 'map' | 'withhold'> & {
  readonly map?: unknown;
  readonly withhold?: unknown;
};
type Filter = { readonly sql: string; readonly params: readonly unknown[] };
type Count = Pick<PageMeta, 'total' | 'totalIsCapped' | 'totalIsEstimate'>;
type Stored = Record<string, unknown>;

/**
 * Reads one page of a list: the rows (one more than asked for, which tells whether there is a next page) and, when it is
 * counted, the total, in a statement each. Rows go on in a second one where a cursor's values end and nulls begin.
 */
export async function readPage<Row extends object, View extends object = Row>(
  db: Queryable,
  read: PageRead<Row, View>,
): Promise<Page<View>> {
  const { query, map, withhold } = read;
  const filter = await filterOf(db, read);
  const names = outputNames(read);
  const rowsOf = (): Promise<Stored[]> => readRows(db, read, filter, names);
  const countOf = (): Promise<Count> => readCount(db, read, filter);
  const [found, count] = db.isInTransaction
    ? [await rowsOf(), await countOf()]
    : await Promise.all([rowsOf(), countOf()]);
  const hasNext = found.length > query.limit;
  const stored = hasNext ? found.slice(0, query.limit) : found;
  const rows = stored.map((row) => pick(row, names) as Row);
  await withhold?.(rows);
  const views = map ? rows.map(map) : rows;
  const data = views.map((view) => withKeys(view as Stored, query.fields) as View);
  return { data, meta: metaOf(query, count, hasNext ? stored.at(-1) : undefined) };
}

/** The whole of a list in its order, as one statement: for who reads it by a cursor of PostgreSQL's. */
export async function wholeList(
  db: Queryable,
  read: Source,
): Promise<{ names: readonly string[]; text: string; params: unknown[] }> {
  const { sql, params } = await filterOf(db, read);
  const names = outputNames(read);
  const outputs = names.map((name) => `${read.select[name]} as "${name}"`).join(', ');
  const text = `select ${outputs} from ${read.from}${whereOf([sql])} order by ${orderBy(read.query.sort)}`;
  return { names, text, params: [...params] };
}

async function filterOf(db: Queryable, read: Source): Promise<Filter> {
  const { query, spec } = read;
  const moment = await momentOf(db, query.where, query.known);
  const params = [...(read.params ?? [])];
  const parts = read.where ? [`(${read.where})`] : [];
  const asked = compile(query.where, query.known, params, moment);
  if (asked !== 'true') parts.push(asked);
  if (query.q !== undefined) {
    if (!read.searchIds) throw new Error('A searchable list needs searchIds');
    params.push(query.q);
    parts.push(`${columnOf(idOf(spec.fields))} in (${read.searchIds(`$${params.length}`)})`);
    const seen = seenIn(spec, `$${params.length}`);
    if (seen) parts.push(seen);
  }
  return { sql: parts.join(' and '), params };
}

/**
 * SQL that each word of a search stands in what whoever asks may see; none where they may see all that is searched. The
 * index still finds, over all: what it found by hidden words alone goes here.
 */
function seenIn({ searched = {}, record, resource }: ListSpec, term: string): string | undefined {
  const seen = shownNames(record ?? resource, searched);
  if (seen === searched) return undefined;
  const text = Object.values(seen).join(', ') || 'null';
  return `not exists (select 1 from string_to_table(search_form(${term}), ' ') word
    where word <> '' and position(word in search_form(concat_ws(' ', ${text}))) = 0)`;
}

function outputNames({ select, query, map, withhold }: Source): readonly string[] {
  const names = Object.keys(select);
  const { fields } = query;
  const isAsked = (name: string): boolean =>
    fields === undefined || fields.includes(name) || (name === CUSTOM_FIELDS && customKeys(fields).length > 0);
  return map || withhold ? names : names.filter(isAsked);
}

const keyName = (at: number): string => `_key${at}`;

async function readRows(db: Queryable, read: Source, filter: Filter, names: readonly string[]): Promise<Stored[]> {
  const { query, select, from } = read;
  const outputs = names.map((name) => `${select[name]} as "${name}"`);
  const keys = query.sort.map(({ field }, at) => `${keyText(field)} as "${keyName(at)}"`);
  const most = query.limit + 1;
  const found: Stored[] = [];
  for (const reached of query.after ? partsAfter(query.sort, query.after) : [() => '']) {
    const params = [...filter.params];
    const where = whereOf([filter.sql, reached(params)]);
    const skipped = query.mode === 'page' ? (query.page - 1) * query.limit : 0;
    const offset = skipped ? ` offset $${params.push(skipped)}` : '';
    // The limit stands in the text: a plan made for any parameter would expect a tenth of the table and sort it.
    const sql = `select ${[...outputs, ...keys].join(', ')} from ${from}${where} order by ${orderBy(query.sort)} limit ${most}${offset}`;
    found.push(...(await db.query<Stored>(sql, params)));
    if (found.length >= most) break;
  }
  return found.slice(0, most);
}

const whereOf = (parts: readonly string[]): string => {
  const given = parts.filter(Boolean);
  return given.length ? ` where ${given.join(' and ')}` : '';
};

async function readCount(db: Queryable, { query, from }: Source, filter: Filter): Promise<Count> {
  const where = whereOf([filter.sql]);
  const params = [...filter.params];
  switch (query.count) {
    case 'none':
      return { total: null };
    case 'exact': {
      const [row] = await counted(db, `select count(*) as total from ${from}${where}`, params);
      return { total: Number(row?.total) };
    }
    case 'capped': {
      const some = `select 1 from ${from}${where} limit ${LAST_PAGED_ROW + 1}`;
      const [row] = await counted(db, `select count(*) as total from (${some}) found`, params);
      const total = Number(row?.total);
      return total > LAST_PAGED_ROW ? { total: LAST_PAGED_ROW, totalIsCapped: true } : { total };
    }
    case 'estimate': {
      const sql = `explain (format json) select 1 from ${from}${where}`;
      const [row] = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(sql, params);
      return { total: row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? null, totalIsEstimate: true };
    }
  }
}

const shared = new WeakMap<Queryable, SharedReads<{ total: string }[]>>();

/** A count costs PostgreSQL milliseconds and many watch the same list: its equals in the tenant share one. */
function counted(db: Queryable, sql: string, params: unknown[]): Promise<{ total: string }[]> {
  const ask = (): Promise<{ total: string }[]> => db.query<{ total: string }>(sql, params);
  if (db.isInTransaction) return ask();
  let reads = shared.get(db);
  if (!reads) shared.set(db, (reads = new SharedReads()));
  return reads.read(JSON.stringify([currentScope()?.actor?.tenantId, sql, params]), ask);
}

function metaOf(query: ListQuery, count: Count, last: Stored | undefined): PageMeta {
  const { mode, page, limit } = query;
  return {
    page: mode === 'page' ? page : null,
    limit,
    ...count,
    totalPages: count.total === null ? null : Math.ceil(count.total / limit),
    hasNext: last !== undefined,
    hasPrev: mode === 'page' ? page > 1 : query.after !== undefined,
    nextCursor: last ? cursorAt(query, last) : null,
  };
}

function cursorAt(query: ListQuery, row: Stored): string {
  const position = query.sort.map(({ field }, at) => {
    const value = row[keyName(at)];
    if (typeof value === 'string') return value;
    if (!field.nullable) throw new Error(`The field ${field.name} is null but was not declared nullable`);
    return null;
  });
  return encodeCursor(position, query.fingerprint);
}

const CUSTOM_FIELDS = 'customFields';

/** What was asked for of a view, `cf.<key>` as that part of its `customFields`. */
function withKeys(view: Stored, fields: readonly string[] | undefined): Stored {
  if (!fields) return view;
  const picked = pick(view, fields);
  const [own, keys] = [view[CUSTOM_FIELDS], customKeys(fields)];
  if (!keys.length || fields.includes(CUSTOM_FIELDS) || typeof own !== 'object' || own === null) return picked;
  return {
    ...picked,
    [CUSTOM_FIELDS]: pick(
      own as Stored,
      keys.map((key) => key.split('.', 1).join()),
    ),
  };
}

function pick(row: Stored, names: readonly string[]): Stored {
  const picked: Stored = {};
  for (const name of names) if (Object.hasOwn(row, name)) picked[name] = row[name];
  return picked;
}
