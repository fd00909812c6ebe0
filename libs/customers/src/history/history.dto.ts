import { Tells, RECORD } from '@app/platform';
/** One change of a customer's row, as the audit trail holds it. */
@Tells('customers', { before: RECORD, after: RECORD })
export class HistoryEntryView {
  /** @example 1042 */
  id: number;
  at: Date;
  /** @example "01920000-0001-7001-8000-000000000006" */
  actorId: string;
  /** @example "Clara Officer" */
  actorName: string;
  requestId: string | null;
  /** @example "customers" */
  entity: string;
  entityId: string;
  /** @example "updated" */
  action: string;
  /**
   * The fields that changed, as they were; of what was created, null.
   * @example { "status": "lead" }
   */
  before: Record<string, unknown> | null;
  /**
   * As they became; of what was deleted, null.
   * @example { "status": "customer", "statusReason": "Signed the contract" }
   */
  after: Record<string, unknown> | null;
}
