import { RECORD, Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsString, MaxLength } from 'class-validator';
import { CustomerView, toView } from '../customers.dto.js';
import type { Restored } from './restoring.service.js';

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

export class RestoreFields {
  /** Names of fields that this change changed; `cf.<key>` is one of the company's own. */
  @ApiProperty({ type: [String], example: ['lastName'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  fields: string[];
}

export class RestoredFieldsView {
  customer: CustomerView;
  /** @example ["lastName"] */
  restored: string[];
  /** What had its former value already. */
  unchanged: string[];
}

export const toRestored = ({ customer, restored, unchanged }: Restored): RestoredFieldsView => ({
  customer: toView(customer),
  ...{ restored: [...restored], unchanged: [...unchanged] },
});
