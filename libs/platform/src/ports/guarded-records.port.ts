import type { Actor, Permission, Way } from '@app/kernel';
import { definePort } from './port.js';

/**
 * Records that are not everybody's: how a permission reaches them, way by way. Whoever provides it draws its own lists and
 * checks from the same ways, so that what explains a refusal cannot differ from what refuses.
 */
export interface GuardedRecords {
  /** As in permissions and URLs: `customers`. */
  readonly kind: string;
  /** The key by which the payload of an event names one of them: `customerId`. */
  readonly namedBy: string;
  /** The permission to read them, by which somebody sees that there is such a record. */
  readonly read: Permission;
  /** The permissions that ask for one of them, within their scope. */
  readonly reaching: readonly Permission[];
  /** By the name of a permission that has no scopes: the one within whose reach its use case stays. */
  readonly boundBy?: Readonly<Record<string, Permission>>;
  /** Whether who may not read a record is told that there is none, whatever else they may do to it. */
  readonly isReadFirst: boolean;
  /** The table under the alias that the ways are written over: `customers c`. */
  readonly from: string;
  /** SQL over it: the record's id. */
  readonly id: string;
  /** SQL over it: the record is there, and not in the trash. */
  readonly isPresent: string;
  /** None where the actor does not hold the permission. Values go into `params` as `$n`. */
  ways(actor: Actor, permission: Permission, params: unknown[]): readonly Way[];
}

export const GuardedRecordsPort = definePort<GuardedRecords>('guarded-records');
