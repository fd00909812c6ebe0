import { LAST_PAGED_ROW, type RawQuery } from './list-query.js';
import type { PageMeta } from './page.dto.js';

// Proxies give all headers of an answer 4 to 8 KiB.
const LONGEST_HEADER = 3_000;

/**
 * The Link header (RFC 8288) of a page: first, prev, next and last as far as they are known; undefined when there is
 * none, or when the query is so long that proxies would refuse the header. Beyond the last page that an offset reaches,
 * next goes on by cursor.
 */
export function linkHeader(path: string, rawQuery: RawQuery, meta: PageMeta): string | undefined {
  const to = (rel: string, place: { page: number } | { cursor: string }): string =>
    `<${path}?${withPlace(rawQuery, place)}>; rel="${rel}"`;
  const links = meta.page === null ? cursorLinks(meta, to) : pageLinks(meta, meta.page, to);
  const fitting = [links, links.filter((link) => link.endsWith('rel="next"'))].find(
    (some) => some.join(', ').length <= LONGEST_HEADER,
  );
  return fitting?.length ? fitting.join(', ') : undefined;
}

type To = (rel: string, place: { page: number } | { cursor: string }) => string;

function cursorLinks({ nextCursor }: PageMeta, to: To): string[] {
  return [to('first', { cursor: '' }), ...(nextCursor ? [to('next', { cursor: nextCursor })] : [])];
}

function pageLinks(meta: PageMeta, page: number, to: To): string[] {
  const isReached = (one: number): boolean => one * meta.limit <= LAST_PAGED_ROW;
  const links = [to('first', { page: 1 })];
  if (meta.hasPrev) links.push(to('prev', { page: page - 1 }));
  if (meta.hasNext && isReached(page + 1)) links.push(to('next', { page: page + 1 }));
  else if (meta.nextCursor) links.push(to('next', { cursor: meta.nextCursor }));
  const { totalPages } = meta;
  const isExact = !meta.totalIsCapped && !meta.totalIsEstimate;
  if (totalPages && isExact && isReached(totalPages)) links.push(to('last', { page: totalPages }));
  return links;
}

function withPlace(rawQuery: RawQuery, place: { page: number } | { cursor: string }): string {
  const kept = Object.entries(rawQuery).filter(([key]) => key !== 'page' && key !== 'cursor');
  const pairs = [...kept, ...Object.entries(place)].map(([key, value]): [string, string] => [key, String(value ?? '')]);
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}
