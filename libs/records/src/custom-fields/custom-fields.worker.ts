import type { PayloadOf } from '@app/kernel';
import { Database, type Departure, DeparturePort, Handles, Jobs, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomField } from './custom-field.entity.js';
import { ConvertField, KeepFieldIndex } from './custom-fields.jobs.js';
import { convert } from './field-conversion.js';
import { FieldIndexes } from './field-index.js';
import { FieldValuesQueries } from './field-values.queries.js';

const AT_ONCE = 500;

@Injectable()
@Provides(DeparturePort)
export class CustomFieldsWorker implements Departure {
  constructor(
    private readonly db: Database,
    private readonly jobs: Jobs,
    private readonly indexes: FieldIndexes,
    private readonly values: FieldValuesQueries,
  ) {}

  @Handles(KeepFieldIndex, { mode: 'effect', timeoutSeconds: 3600 })
  keepIndex({ fieldId }: PayloadOf<typeof KeepFieldIndex>): Promise<void> {
    return this.indexes.keep(fieldId);
  }

  /** Some rows in one transaction, and the next ones in another: nobody waits for all of them. */
  @Handles(ConvertField)
  async convert({ fieldId, after }: PayloadOf<typeof ConvertField>): Promise<void> {
    const field = await this.db.lock(CustomField, fieldId);
    const to = field.convertingTo;
    if (!to) return;
    const rows = await this.values.next(field, after, AT_ONCE);
    const converted = rows.map(({ id, value }): [string, unknown] => [id, convert(value, field.terms, to) ?? value]);
    await this.values.replace(field, new Map(converted));
    const last = rows.at(-1);
    if (last && rows.length === AT_ONCE) return this.jobs.enqueue(ConvertField, { fieldId, after: last.id });
    field.endConversion();
    await this.db.save(field);
    if (field.isIndexed) await this.jobs.enqueue(KeepFieldIndex, { fieldId });
  }

  leave(): Promise<void> {
    return this.indexes.dropAll();
  }
}
