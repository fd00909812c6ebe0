import type { Actor } from '@app/kernel';
import type { FieldOptions } from '../lists/index.js';
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
}

export const AudienceFieldsPort = definePort<AudienceFields>('audience-fields');
