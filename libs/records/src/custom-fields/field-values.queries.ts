import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { CustomField } from './custom-field.entity.js';
import { FieldHosts } from './field-hosts.js';

export type HeldValue = { readonly value: unknown; readonly records: number; readonly example: string };

/** What the records of a tenant hold under a field, those in the trash included. */
@Injectable()
export class FieldValuesQueries {
  constructor(
    private readonly db: Database,
    private readonly hosts: FieldHosts,
  ) {}

  /** Each value once. */
  held({ recordKind, key }: CustomField): Promise<HeldValue[]> {
    return this.db.query<HeldValue>(
      `select t.custom_fields -> $2 as value, count(*)::int as records, min(t.id::text) as example
       from ${this.hosts.tableOf(recordKind)} t where t.tenant_id = $1 and t.custom_fields ? $2 group by 1 order by 2 desc`,
      [currentTenantId(), key],
    );
  }

  /** In the open transaction: the next records that hold a value, by id, which stay as they are meanwhile. */
  next(
    { recordKind, key }: CustomField,
    after: string | null,
    most: number,
  ): Promise<{ id: string; value: unknown }[]> {
    return this.db.query(
      `select t.id, t.custom_fields -> $2 as value from ${this.hosts.tableOf(recordKind)} t
       where t.tenant_id = $1 and ($3::uuid is null or t.id > $3) and t.custom_fields ? $2 order by t.id limit ${most} for update`,
      [currentTenantId(), key, after],
    );
  }

  async replace({ recordKind, key }: CustomField, values: ReadonlyMap<string, unknown>): Promise<void> {
    await this.db.query(
      `update ${this.hosts.tableOf(recordKind)} t set custom_fields = jsonb_set(t.custom_fields, array[$2], n.value::jsonb),
         version = t.version + 1, updated_at = now()
       from unnest($3::uuid[], $4::text[]) n(id, value) where t.tenant_id = $1 and t.id = n.id`,
      [currentTenantId(), key, [...values.keys()], [...values.values()].map((value) => JSON.stringify(value))],
    );
  }
}
