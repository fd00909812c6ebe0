import { Injectable } from '@nestjs/common';
import { Database } from '../database/index.js';

/** Whether a tenant stands still: the access guard, the deliveries and the schedules go by it. */
@Injectable()
export class Holds {
  constructor(private readonly db: Database) {}

  /** In the open transaction: nothing of the current tenant changes from its commit on. */
  async hold(): Promise<void> {
    await this.db.query('insert into tenant_holds (tenant_id) values (app_tenant()) on conflict do nothing');
  }

  /** In the open transaction: what waited is due now. */
  async release(): Promise<void> {
    await this.db.query('delete from tenant_holds where tenant_id = app_tenant()');
    await this.db.query(
      "update deliveries set due_at = clock_timestamp() where tenant_id = app_tenant() and state = 'pending' and due_at > clock_timestamp()",
    );
  }
}
