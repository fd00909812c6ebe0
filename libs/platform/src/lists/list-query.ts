import { type FieldFault, Invalid } from '@app/kernel';
import { type Condition, readCondition, readFilter } from './condition.js';
import { decodeCursor, fingerprintOf, type Position } from './cursor.js';
import { Faults, isCleanText, type Report, token } from './faults.js';
import { type Fields, RESERVED_KEYS } from './fields.js';
import { type ListSpec, outputsOf, shownList } from './list-spec.js';
import { type Direction, readSort, type SortKey } from './sort.js';
import { CUSTOM } from './tenant-fields.js';

/** As Fastify's plain parser gives it: `createdAt[gte]` is a key like any other, a list means that a key came twice. */
export type RawQuery = Readonly<Record<string, string | string[] | undefined>>;

export const COUNT_MODES = ['exact', 'capped', 'estimate', 'none'] as const;
export type CountMode = (typeof COUNT_MODES)[number];

/** A list request that has been checked against its spec: everything in it may be used as it stands. */
export type ListQuery = {
  /** `cursor`: rows after `after` (or from the start when it is absent); `page`: rows by number. */
  readonly mode: 'page' | 'cursor';
  readonly page: number;
  readonly limit: number;
  readonly sort: readonly SortKey[];
  readonly where: Condition;
  /** What `where` and `sort` speak of: the fields of the list, and those of the tenant that were asked for. */
  readonly known: Fields;
  readonly q: string | undefined;
  /** The names asked for, `id` among them; all when absent. */
  readonly fields: readonly string[] | undefined;
  readonly include: readonly string[];
  readonly count: CountMode;
  readonly after: Position | undefined;
  /** The spec's further keys, as they came. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What a cursor into this list must carry. */
  readonly fingerprint: string;
  /** The query string as it came, for the Link header; empty for a search by body. */
  readonly raw: RawQuery;
};

export const DEFAULT_LIMIT = 20;
export const MOST_ROWS = 100;
/** The last row that pages reach: beyond it an offset costs more than it is worth, and a cursor does not. */
export const LAST_PAGED_ROW = 10_000;
const LONGEST_SEARCH = 200;

/** What a saved view says of a list: its filter as the JSON of a condition, its order and its columns. */
export type StoredView = {
  readonly id: string;
  readonly where: unknown;
  readonly sort: string | null;
  readonly columns: readonly string[] | null;
};

/** A saved view speaks of what is not there any more, or of what whoever uses it may not see: it shows nothing at all. */
export class ViewUnusable extends Invalid {
  constructor(viewId: string, errors: FieldFault[]) {
    super('view_unusable', 'The view names fields that are not there, or not to be seen by you', { viewId, errors });
  }
}

/**
 * Reads the query string of a list. With `view`, its filter holds as well, and its order and columns unless others are named.
 * @throws Invalid `invalid_query` with every fault, pointers `query/<key>`; ViewUnusable
 */
export function parseListQuery(raw: RawQuery, list: ListSpec, view?: StoredView): ListQuery {
  const spec = shownList(list);
  const saved = view && readView(view, spec);
  if (saved?.faults.length) throw new ViewUnusable(view?.id ?? '', saved.faults);
  const faults = new Faults();
  const given = singleValues(raw, faults);
  const at = (key: string): Report => faults.at(`query/${key}`);
  const take = <T>(key: string, read: (text: string, report: Report) => T | undefined): T | undefined => {
    const text = given.get(key);
    return text === undefined ? undefined : read(text, at(key));
  };
  const order = take('order', readOrder);
  const query = assemble(faults, at, {
    page: take('page', (text, report) => readWhole(asWhole(text), report)),
    limit: take('limit', (text, report) => readWhole(asWhole(text), report, MOST_ROWS)),
    sort: readSort(given.get('sort')?.split(',') ?? usualSort(spec, order, view), order, spec.fields, at('sort')),
    where: { all: [...(saved ? [saved.where] : []), ...readFilters(given, spec, faults)] },
    known: spec.fields,
    q: take('q', (text, report) => readSearch(text, spec, report)),
    fields: take('fields', (text, report) => readFields(text.split(','), spec, report)) ?? saved?.columns,
    include: take('include', (text, report) => readNames(text.split(','), spec.includes ?? [], report)),
    cursor: given.get('cursor'),
    count: take('count', readCount),
    parameters: Object.fromEntries([...given].filter(([key]) => isParameter(spec, key))),
    raw,
  });
  if (!spec.resource) take('view', (_, report) => report('unknown_parameter', 'This list has no saved views'));
  faults.refuseIfAny('invalid_query', 'The query is not valid');
  return query;
}

type SavedParts = {
  readonly where: Condition;
  readonly columns: readonly string[] | undefined;
  readonly faults: FieldFault[];
};

/** What a view says, judged by the fields of today and of whoever asks; faults have pointers into the view. */
export function readView({ where, sort, columns }: Omit<StoredView, 'id'>, list: ListSpec): SavedParts {
  const spec = shownList(list);
  const faults = new Faults();
  const read = {
    where: readCondition(where, spec.fields, '/where', faults),
    columns: columns ? readFields(columns, spec, faults.at('/columns')) : undefined,
  };
  if (sort) readSort(sort.split(','), undefined, spec.fields, faults.at('/sort'));
  return { ...read, faults: faults.all };
}

const asWhole = (text: string): unknown => (/^\d{1,15}$/.test(text) ? Number(text) : text);

const isParameter = (spec: ListSpec, key: string): boolean => Object.hasOwn(spec.parameters ?? {}, key);

/** An order alone turns the usual sort to that direction. */
const usualSort = (spec: ListSpec, order: Direction | undefined, view: StoredView | undefined): string[] =>
  (view?.sort ?? spec.defaultSort).split(',').map((word) => (order ? word.replace(/^-/, '') : word));

function singleValues(raw: RawQuery, faults: Faults): Map<string, string> {
  const given = new Map<string, string>();
  for (const [key, value] of Object.entries(raw)) {
    const report = faults.at(`query/${token(key)}`);
    if (value === undefined) continue;
    if (typeof value !== 'string') report('duplicate_parameter', 'must be given once');
    else if (!isCleanText(key) || !isCleanText(value))
      report('invalid_value', 'must be text without NUL or lone surrogates');
    else given.set(key, value);
  }
  return given;
}

/** In the order of their names, so that equal filters have equal statements and equal cursors. */
function readFilters(given: ReadonlyMap<string, string>, spec: ListSpec, faults: Faults): Condition[] {
  const conditions: Condition[] = [];
  for (const key of [...given.keys()].sort()) {
    if (RESERVED_KEYS.some((reserved) => reserved === key) || isParameter(spec, key)) continue;
    const [, name, operator = 'eq'] = /^([\w.]+)(?:\[(\w+)\])?$/.exec(key) ?? [];
    const report = faults.at(`query/${token(key)}`);
    if (name === undefined) report('unknown_parameter', 'is not a parameter of this list');
    else {
      const condition = readFilter(name, operator, given.get(key) ?? '', spec.fields, report);
      if (condition) conditions.push(condition);
    }
  }
  return conditions;
}

function readOrder(text: string, report: Report): Direction | undefined {
  const order = text.toLowerCase();
  return order === 'asc' || order === 'desc' ? order : report('invalid_value', 'must be asc or desc');
}

export function readWhole(value: unknown, report: Report, most = Number.MAX_SAFE_INTEGER): number | undefined {
  if (Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most) return Number(value);
  const range = most < Number.MAX_SAFE_INTEGER ? `from 1 to ${most}` : 'from 1';
  return report('invalid_value', `must be a whole number ${range}`);
}

export function readCount(text: unknown, report: Report): CountMode | undefined {
  return (
    COUNT_MODES.find((mode) => mode === text) ?? report('invalid_value', `must be one of ${COUNT_MODES.join(', ')}`)
  );
}

export function readSearch(text: string, spec: ListSpec, report: Report): string | undefined {
  if (!spec.searchable) return report('unknown_parameter', 'This list has no text search');
  if (text.length > LONGEST_SEARCH) return report('invalid_value', `must have at most ${LONGEST_SEARCH} characters`);
  return text.trim() || undefined;
}

export function readFields(names: readonly string[], spec: ListSpec, report: Report): readonly string[] | undefined {
  const own = Object.keys(spec.fields).filter((name) => name.startsWith(CUSTOM));
  const known = readNames(names, [...outputsOf(spec), ...own], report);
  return known && [...new Set(['id', ...known])];
}

export function readNames(
  names: readonly string[],
  allowed: readonly string[],
  report: Report,
): readonly string[] | undefined {
  const unknown = names.filter((name) => !allowed.includes(name));
  for (const name of unknown)
    report('unknown_field', `${token(name) || 'The empty name'} is not one of ${allowed.join(', ')}`);
  return unknown.length ? undefined : [...new Set(names)];
}

type Asked = Pick<ListQuery, 'sort' | 'where' | 'known' | 'q' | 'fields' | 'parameters' | 'raw'> & {
  page: number | undefined;
  limit: number | undefined;
  include: readonly string[] | undefined;
  cursor: string | undefined;
  count: CountMode | undefined;
};

/** What both forms of a list request have in common once their own syntax has been read. */
export function assemble(faults: Faults, at: (key: string) => Report, asked: Asked): ListQuery {
  const { sort, where, known, q, parameters, cursor, page = 1, limit = DEFAULT_LIMIT } = asked;
  const mode = cursor === undefined ? 'page' : 'cursor';
  const order = sort.map(({ field, direction }) => `${field.name} ${direction}`);
  const fingerprint = fingerprintOf([where, q ?? null, order, parameters]);
  if (mode === 'cursor' && asked.page !== undefined) at('page')('invalid_value', 'cannot stand beside a cursor');
  if (mode === 'page' && page * limit > LAST_PAGED_ROW) {
    at('cursor')('cursor_required', `Pages reach ${LAST_PAGED_ROW} rows; go on with the cursor in meta.nextCursor`);
  }
  const after = cursor ? readCursor(cursor, fingerprint, sort, at('cursor'), faults.any) : undefined;
  const count = asked.count ?? (mode === 'cursor' ? 'none' : 'exact');
  const include = asked.include ?? [];
  return {
    mode,
    page,
    limit,
    sort,
    where,
    known,
    q,
    fields: asked.fields,
    include,
    count,
    after,
    parameters,
    fingerprint,
    raw: asked.raw,
  };
}

function readCursor(
  text: string,
  fingerprint: string,
  sort: readonly SortKey[],
  report: Report,
  isMisread: boolean,
): Position | undefined {
  const keys = sort.map(({ field }) => field);
  const position = decodeCursor(text, fingerprint, keys);
  if (position === 'malformed') return report('invalid_cursor', 'is not a cursor of this list');
  // A query that was not understood matches no cursor: to say so would name a fault that may not be there.
  if (position === 'other')
    return isMisread ? undefined : report('cursor_mismatch', 'belongs to another filter, search or order');
  return position;
}
