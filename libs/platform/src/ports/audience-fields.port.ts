import type { Actor } from '@app/kernel';
import type { FieldOptions, ListSpec } from '../lists/index.js';
import { definePort } from './port.js';

/** What a context knows of customers, by which some of them may be chosen. */
export interface AudienceFields {
  /** The first part of the names of its fields: `deals`. */
  readonly about: string;
  /**
   * By the second part of their names (`openCount`), over `customerId`, SQL of the developer's. They tell of what the actor
   * may read and of no more; there are none for whom may read none of it. Values go into `params` as `$n`, and each of them
   * stands in each field.
   */
  of(customerId: string, actor: Actor, params: unknown[]): Readonly<Record<string, FieldOptions>>;
  /** Its records, by whose fields of the tenant's own customers are chosen as well: `deals.cf.region` asks for a deal with it. */
  readonly records?: AudienceRecords;
}

export interface AudienceRecords {
  /** Its `custom` is over a row of `from`. */
  readonly list: ListSpec;
  /** SQL of those of `customerId` that the actor may read, whose values go into `params`; undefined for whom may read none. */
  of(
    customerId: string,
    actor: Actor,
    params: unknown[],
  ): { readonly from: string; readonly where: string } | undefined;
}

export const AudienceFieldsPort = definePort<AudienceFields>('audience-fields');
