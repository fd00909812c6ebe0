import type { Actor } from '@app/kernel';
import { parseListQuery, type RawQuery } from '@app/platform';
import type { Slice } from '@app/platform/testing';
import type { HitView, SearchMeta } from './search.dto.js';
import { SearchList } from './search.list.js';
import { SearchQueries } from './search.queries.js';

/** What somebody finds, without a token of theirs. */
export function searchAs(slice: Slice, actor: Actor, raw: RawQuery): Promise<{ data: HitView[]; meta: SearchMeta }> {
  return slice.as(actor, () => slice.get(SearchQueries).find(parseListQuery(raw, SearchList)));
}
