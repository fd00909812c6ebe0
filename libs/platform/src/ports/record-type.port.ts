import type { Permission } from '@app/kernel';
import type { GuardedRecords } from './guarded-records.port.js';
import { definePort } from './port.js';

/**
 * A kind of record that notes, tags and files may hang on. Who may see and change what hangs there is asked of the record:
 * whatever is SQL here is written by a developer, over the `from` of its `records`.
 */
export interface RecordType {
  /** How the record is reached; its `kind` is what bodies and filters call it: `customers`. */
  readonly records: GuardedRecords;
  /** What one of them is called in a refusal: `customer`. */
  readonly name: string;
  /** To hang something on a record is to change it. */
  readonly change: Permission;
  /** Whose timeline tells what hangs there. */
  readonly customerId: string;
  /** What a mail calls the record to people who may have no right to read it. */
  readonly label: string;
}

export const RecordTypePort = definePort<RecordType>('record-type');
