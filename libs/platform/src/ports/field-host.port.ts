import type { ListSpec } from '../lists/list-spec.js';
import type { GuardedRecords } from './guarded-records.port.js';
import { definePort } from './port.js';

/**
 * A kind of record that the tenant's own fields may stand on. Its table has a column `custom_fields`, of jsonb, which its own
 * statements write.
 */
export interface FieldHost {
  /** Its `kind` is what definitions call it, and its `from` begins with the table, which is called like the kind. */
  readonly records: Pick<GuardedRecords, 'kind' | 'from'>;
  /** Its list, whose names no field of the tenant takes. */
  readonly list: ListSpec;
}

export const FieldHostPort = definePort<FieldHost>('field-host');
