import type { GuardedRecords } from './guarded-records.port.js';
import { definePort } from './port.js';

export const SEARCHED_PARTS = ['title', 'subtitle', 'body'] as const;
export type SearchedPart = (typeof SEARCHED_PARTS)[number];

/**
 * A kind of record that the search over everything finds. Its words are kept by a trigger that its migration declares with
 * `keepSearchable`; who finds it is whoever may read it.
 */
export interface Searchable {
  /** How it is reached; its `kind` is the table's name and its URL's, too: `customers`. */
  readonly records: Pick<GuardedRecords, 'kind' | 'read' | 'from' | 'id' | 'isPresent' | 'ways'>;
  /** The fields of the record that each part of its document is written from: what a role hides is not found by it. */
  readonly tells: { readonly [Part in SearchedPart]?: readonly string[] };
}

export const SearchablePort = definePort<Searchable>('searchable');
