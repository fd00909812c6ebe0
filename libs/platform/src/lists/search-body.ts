import { type Condition, readCondition } from './condition.js';
import { Faults, isCleanText, type Report, token } from './faults.js';
import {
  assemble,
  type ListQuery,
  MOST_ROWS,
  readCount,
  readFields,
  readNames,
  readSearch,
  readWhole,
} from './list-query.js';
import { type ListSpec, shownList } from './list-spec.js';
import { readSort } from './sort.js';

const SEARCH_KEYS = ['where', 'q', 'sort', 'page', 'limit', 'cursor', 'count', 'fields', 'include'] as const;

const MOST_NAMES = 200;

/**
 * Reads the body of `POST /<resource>/search`: the list's own grammar with a condition tree as its filter. `sort`,
 * `fields` and `include` are lists of names or one string with commas.
 * @throws Invalid `invalid_query` with every fault, pointers into the body
 */
export function parseSearchBody(body: unknown, list: ListSpec): ListQuery {
  const spec = shownList(list);
  const faults = new Faults();
  const given = entries(body, faults);
  const at = (key: string): Report => faults.at(`/${key}`);
  const take = <T>(key: string, read: (value: unknown, report: Report) => T | undefined): T | undefined =>
    given.has(key) ? read(given.get(key), at(key)) : undefined;
  const where: Condition = given.has('where')
    ? readCondition(given.get('where'), spec.fields, '/where', faults)
    : { all: [] };
  const query = assemble(faults, at, {
    page: take('page', (value, report) => readWhole(value, report)),
    limit: take('limit', (value, report) => readWhole(value, report, MOST_ROWS)),
    sort: readSort(take('sort', words) ?? spec.defaultSort.split(','), undefined, spec.fields, at('sort')),
    where,
    known: spec.fields,
    q: take('q', (value, report) => withText(value, report, (text) => readSearch(text, spec, report))),
    fields: take('fields', (value, report) => withNames(value, report, (names) => readFields(names, spec, report))),
    include: take('include', (value, report) =>
      withNames(value, report, (names) => readNames(names, spec.includes ?? [], report)),
    ),
    cursor: take('cursor', (value, report) => withText(value, report, (text) => text)),
    count: take('count', readCount),
    parameters: {},
    raw: {},
  });
  faults.refuseIfAny('invalid_query', 'The search is not valid');
  return query;
}

function entries(body: unknown, faults: Faults): Map<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    faults.at('')('invalid_value', 'must be an object');
    return new Map();
  }
  const given = new Map<string, unknown>(Object.entries(body).filter(([, value]) => value !== undefined));
  for (const key of given.keys()) {
    const isKnown = SEARCH_KEYS.some((known) => known === key);
    if (!isKnown) faults.at(`/${token(key)}`)('unknown_parameter', 'is not a key of a search');
  }
  return given;
}

function withText<T>(value: unknown, report: Report, read: (text: string) => T): T | undefined {
  if (typeof value !== 'string') return report('invalid_value', 'must be a string');
  if (!isCleanText(value)) return report('invalid_value', 'must be text without NUL or lone surrogates');
  return read(value);
}

function withNames<T>(value: unknown, report: Report, read: (names: readonly string[]) => T): T | undefined {
  const names = words(value, report);
  return names && read(names);
}

function words(value: unknown, report: Report): readonly string[] | undefined {
  const names: unknown = typeof value === 'string' ? value.split(',') : value;
  const isNames = Array.isArray(names) && names.length <= MOST_NAMES && names.every((name) => typeof name === 'string');
  return isNames ? names : report('invalid_value', 'must be a list of names');
}
