import type { GuardedRecords } from './guarded-records.port.js';
import { definePort } from './port.js';

/**
 * A kind of record that the search over everything finds. Its words are kept by a trigger that its migration declares with
 * `keepSearchable`; who finds it is whoever may read it.
 */
export interface Searchable {
  /** How it is reached; its `kind` is the table's name and its URL's, too: `customers`. */
  readonly records: Pick<GuardedRecords, 'kind' | 'read' | 'from' | 'id' | 'isPresent' | 'ways'>;
}

export const SearchablePort = definePort<Searchable>('searchable');
