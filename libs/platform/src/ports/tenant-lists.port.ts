import type { Fields } from '../lists/fields.js';
import type { StoredView } from '../lists/list-query.js';
import type { ListSpec } from '../lists/list-spec.js';
import { definePort } from './port.js';

/** What a tenant adds to the lists that the code declares. Asked only by a request that names some of it. */
export interface TenantLists {
  /** Of the tenant's own fields of this list those that the actor may see, as `cf.<key>`. */
  fieldsOf(spec: ListSpec): Promise<Fields>;
  /** A saved view of this list, if the actor may use it. @throws Invalid where there is none */
  viewOf(spec: ListSpec, id: string): Promise<StoredView>;
}

export const TenantListsPort = definePort<TenantLists>('tenant-lists');
