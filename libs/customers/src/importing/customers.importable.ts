import {
  cellText,
  type Importable,
  ImportablePort,
  type ImportedRecord,
  type ImportField,
  type ImportMatch,
  type ImportOutcome,
  type ImportPlan,
  type ImportRefusal,
  type ImportValues,
  isDatabaseFault,
  Provides,
} from '@app/platform';
import { ImportedFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from '../customer.policy.js';
import { CUSTOMER_FIELDS } from './customer-fields.js';
import { CustomerMatches, emailOf, phoneOf } from './customer-matches.js';
import { shapedAsNew } from './customer-shapes.js';
import { CustomerUndoing } from './customer-undoing.js';
import { CustomerWriter } from './customer-writer.js';

/** Customers from files. */
@Injectable()
@Provides(ImportablePort)
export class CustomersImportable implements Importable {
  readonly kind = 'customers';
  readonly creates = CustomerPermissions.create;
  readonly updates = CustomerPermissions.update;
  readonly deletes = CustomerPermissions.delete;

  constructor(
    private readonly matches: CustomerMatches,
    private readonly writer: CustomerWriter,
    private readonly undoing: CustomerUndoing,
    private readonly own: ImportedFields,
  ) {}

  async fields(): Promise<readonly ImportField[]> {
    return [...CUSTOMER_FIELDS, ...(await this.own.of(this.kind))];
  }

  /** One address is one customer, and so is whatever a record is found by. */
  keysOf(values: ImportValues, { match }: ImportPlan): readonly string[] {
    const email = emailOf(values);
    const phone = match.includes('phone') && phoneOf(values);
    const id = match.includes('id') && cellText(values, 'id')?.toLowerCase();
    return [...(email ? [`email:${email}`] : []), ...(phone ? [`phone:${phone}`] : []), ...(id ? [`id:${id}`] : [])];
  }

  /** Most rows of a file are about somebody new. */
  foresee(values: ImportValues, { mode }: ImportPlan): void {
    if (mode !== 'update') void shapedAsNew(values);
  }

  match(rows: readonly ImportValues[], plan: ImportPlan): Promise<readonly ImportMatch[]> {
    return this.matches.match(rows, plan);
  }

  write(rows: readonly { values: ImportValues; recordId: string | undefined }[]): Promise<readonly ImportOutcome[]> {
    return this.writer.write(rows);
  }

  isRace(error: unknown): boolean {
    return isDatabaseFault(error) && error.constraint === 'customers_email_is_unique';
  }

  undo(records: readonly ImportedRecord[]): Promise<readonly (ImportRefusal | undefined)[]> {
    return this.undoing.undo(records);
  }
}
