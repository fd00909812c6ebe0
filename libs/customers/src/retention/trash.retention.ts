import { Database, isDatabaseFault, Provides, RecordNotFound, type Retention, RetentionPort } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Company } from '../companies/company.entity.js';
import { Customer } from '../customer.entity.js';

const BATCH = 100;
const REFERENCED = '23503';
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

type Discarded = (Customer | Company) & { readonly deletedAt: Date | null };
type Trash = {
  readonly entity: typeof Customer | typeof Company;
  readonly table: 'customers' | 'companies';
  /** SQL over the row: what stays although it is in the trash. */
  readonly except?: string;
};

/** By the entity's own verb, each in a transaction of its own, so that its events are told and one in use keeps no other. */
class TrashRetention {
  constructor(
    private readonly db: Database,
    private readonly trash: Trash,
  ) {}

  async purge(before: Date): Promise<number> {
    for (let [gone, after] = [0, BEFORE_ALL]; ;) {
      const ids = await this.batch(before, after);
      for (const id of ids) if (await this.purgeOne(id, before)) gone++;
      const last = ids.at(-1);
      if (last === undefined || ids.length < BATCH) return gone;
      after = last;
    }
  }

  private async batch(before: Date, after: string): Promise<string[]> {
    const { table, except = 'false' } = this.trash;
    const rows = await this.db.query<{ id: string }>(
      `select id from ${table} where tenant_id = app_tenant() and deleted_at < $1 and id > $2 and not (${except})
       order by id limit ${BATCH}`,
      [before, after],
    );
    return rows.map(({ id }) => id);
  }

  /** Whether it is gone: not what was restored meanwhile, and not what another record still names. */
  private async purgeOne(id: string, before: Date): Promise<boolean> {
    const work = async (): Promise<boolean> => {
      const record: Discarded = await this.db.lock<Discarded>(this.trash.entity, id);
      if (!record.deletedAt || record.deletedAt >= before) return false;
      record.purge();
      await this.db.remove(record);
      return true;
    };
    return this.db.transaction(work).catch((error: unknown) => {
      if (error instanceof RecordNotFound) return false;
      if (isDatabaseFault(error) && error.code === REFERENCED) return false;
      throw error;
    });
  }
}

/** Those that were merged stay: their ids lead to the customer in whom they go on. */
@Injectable()
@Provides(RetentionPort)
export class CustomerTrash implements Retention {
  readonly kind = 'customer_trash';
  readonly description = 'Customers in the trash, except those that other records still name or that were merged';
  readonly usualDays = null;
  readonly leastDays = 7;
  private readonly trash: TrashRetention;

  constructor(db: Database) {
    this.trash = new TrashRetention(db, { entity: Customer, table: 'customers', except: 'merged_into is not null' });
  }

  purge(before: Date): Promise<number> {
    return this.trash.purge(before);
  }
}

@Injectable()
@Provides(RetentionPort)
export class CompanyTrash implements Retention {
  readonly kind = 'company_trash';
  readonly description = 'Companies in the trash';
  readonly usualDays = null;
  readonly leastDays = 7;
  private readonly trash: TrashRetention;

  constructor(db: Database) {
    this.trash = new TrashRetention(db, { entity: Company, table: 'companies' });
  }

  purge(before: Date): Promise<number> {
    return this.trash.purge(before);
  }
}
