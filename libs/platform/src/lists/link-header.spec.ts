import { describe, expect, it } from 'vitest';
import { linkHeader } from './link-header.js';
import type { PageMeta } from './page.dto.js';

const meta = (of: Partial<PageMeta> = {}): PageMeta => ({
  page: 2,
  limit: 20,
  total: 100,
  totalPages: 5,
  hasNext: true,
  hasPrev: true,
  nextCursor: 'abc',
  ...of,
});
const linksOf = (of: Partial<PageMeta>, raw = {}): Record<string, string> => {
  const header = linkHeader('/api/v1/customers', raw, meta(of)) ?? '';
  return Object.fromEntries([...header.matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel, url]));
};

describe('The Link header', () => {
  it('points to the first, previous, next and last page', () => {
    expect(linksOf({})).toEqual({
      first: '/api/v1/customers?page=1',
      prev: '/api/v1/customers?page=1',
      next: '/api/v1/customers?page=3',
      last: '/api/v1/customers?page=5',
    });
  });

  it('keeps the query, encoded so that it cannot break out of the header', () => {
    const { next } = linksOf({}, { page: '2', 'amount[gte]': '1', q: 'a>; rel="x",\r\nSet-Cookie: b' });
    expect(next).toBe('/api/v1/customers?amount%5Bgte%5D=1&q=a%3E%3B%20rel%3D%22x%22%2C%0D%0ASet-Cookie%3A%20b&page=3');
  });

  it('leaves out what there is not', () => {
    expect(Object.keys(linksOf({ page: 1, hasPrev: false }))).not.toContain('prev');
    expect(Object.keys(linksOf({ page: 5, hasNext: false, nextCursor: null }))).not.toContain('next');
  });

  it('names no last page that was not counted, or that no page number reaches', () => {
    for (const of of [
      { total: null, totalPages: null },
      { totalIsCapped: true as const },
      { totalIsEstimate: true as const },
      { totalPages: 501 },
    ]) {
      expect(Object.keys(linksOf(of))).not.toContain('last');
    }
  });

  it('goes on by cursor beyond the last page that a number reaches', () => {
    expect(linksOf({ page: 500, totalPages: 900 }, { page: '500', status: 'new' }).next).toBe(
      '/api/v1/customers?status=new&cursor=abc',
    );
  });

  it('points onwards by cursor from a list by cursor', () => {
    expect(linksOf({ page: null, total: null, totalPages: null }, { cursor: 'old', limit: '20' })).toEqual({
      first: '/api/v1/customers?limit=20&cursor=',
      next: '/api/v1/customers?limit=20&cursor=abc',
    });
  });

  it('shrinks to the next page, and then to nothing, before it outgrows what proxies pass on', () => {
    expect(Object.keys(linksOf({}, { name: 'x'.repeat(1_000) }))).toEqual(['next']);
    expect(linkHeader('/x', { name: 'x'.repeat(5_000) }, meta())).toBeUndefined();
  });
});
