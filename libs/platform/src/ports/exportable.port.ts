import type { Actor, Permission } from '@app/kernel';
import type { ListSpec } from '../lists/list-spec.js';
import { definePort } from './port.js';

/** A list that leaves the house as a file: by its own filters and orders, and no further than who exports it may read. */
export interface Exportable {
  /** As in permissions and URLs: `customers`. */
  readonly kind: string;
  readonly permission: Permission;
  readonly spec: ListSpec;
  /** The columns of the file, in their order, and their SQL. Structures are written as JSON. */
  readonly columns: Readonly<Record<string, string>>;
  readonly from: string;
  /** SQL for what there is and the actor may read; values go into `params` as `$n`. */
  where(actor: Actor, params: unknown[]): string;
  /** For `q`: a SELECT of ids, given the placeholder of the term. */
  searchIds?(term: string): string;
}

export const ExportablePort = definePort<Exportable>('exportable');
