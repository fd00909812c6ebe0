import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Inquiry } from '../inquiries/inquiry.entity.js';

/** SQL: the inquiry `id`, a placeholder, and all that were merged into it. `$1` is the tenant. */
export const conversationOf = (id: string): string =>
  `(select ${id}::uuid union all select merged.id from inquiries merged where merged.tenant_id = $1 and merged.merged_into = ${id}::uuid)`;

/** Where inquiries go on. */
@Injectable()
export class InquiryHomes {
  constructor(private readonly db: Database) {}

  /** Itself, unless it was merged into another one. */
  async homeOf(id: string): Promise<string> {
    const row = await this.db.one<{ home: string }>(
      'select coalesce(merged_into, id) as home from inquiries where tenant_id = $1 and id = $2',
      [currentTenantId(), id],
    );
    return row?.home ?? id;
  }

  /** Whether it, or what it goes on in, is spam or in the trash. */
  async isWithdrawn(id: string): Promise<boolean> {
    const found = await this.db.one(
      "select 1 from inquiries where tenant_id = $1 and id = $2 and (status = 'spam' or deleted_at is not null)",
      [currentTenantId(), await this.homeOf(id)],
    );
    return found !== undefined;
  }

  /** Where it goes on, and all that went on there, itself among it: what is read and answered as one. */
  async conversationOf(id: string): Promise<string[]> {
    const home = await this.homeOf(id);
    const rows = await this.db.query<{ id: string }>(
      'select id from inquiries where tenant_id = $1 and merged_into = $2 order by id',
      [currentTenantId(), home],
    );
    return [home, ...rows.map((row) => row.id)];
  }

  /**
   * Where it goes on, held from here on: whether it is over, and what a message does to it, are one decision. It may be
   * merged while this waits for it.
   */
  async hold(id: string): Promise<Inquiry | undefined> {
    const [found] = await this.db.findWhere(Inquiry, 'tenant_id = $1 and id = $2 for update', [
      currentTenantId(),
      await this.homeOf(id),
    ]);
    return found?.mergedInto ? this.hold(found.id) : found;
  }
}
