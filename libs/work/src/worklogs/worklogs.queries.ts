import { CustomersFacade } from '@app/customers';
import {
  currentActor,
  currentTenantId,
  Database,
  type ListQuery,
  type Page,
  readPage,
  RecordNotFound,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { WorklogPermissions } from './worklog.policy.js';
import { WorklogReach } from './worklog.reach.js';
import type { WorklogDetail, WorklogView } from './worklogs.dto.js';
import { WORKLOG_COLUMNS, WorklogList } from './worklogs.list.js';

const SELECT = Object.entries(WORKLOG_COLUMNS)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');

// Time of the same person that lies in this one's, a running timer being one that goes on.
const OVERLAPS = `array(select o.id from worklogs o where o.tenant_id = w.tenant_id and o.user_id = w.user_id and o.id <> w.id
  and o.started_at < coalesce(w.ended_at, 'infinity') and coalesce(o.ended_at, 'infinity') > w.started_at
  order by o.started_at, o.id limit 20)`;

@Injectable()
export class WorklogsQueries {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersFacade,
    private readonly reach: WorklogReach,
  ) {}

  list(query: ListQuery): Promise<Page<WorklogView>> {
    return this.read(query, 'true', [currentTenantId()]);
  }

  /** Of a customer who may be read, the time that may be read. @throws RecordNotFound */
  async listOfCustomer(customerId: string, query: ListQuery): Promise<Page<WorklogView>> {
    await this.customers.assertReadable(currentActor(), customerId);
    return this.read(query, 'w.customer_id = $2', [currentTenantId(), customerId]);
  }

  /** @throws RecordNotFound */
  view(id: string): Promise<WorklogDetail> {
    const params: unknown[] = [currentTenantId(), id];
    return this.one(id, this.reach.predicate(currentActor(), WorklogPermissions.read, params), params);
  }

  /** As it is after a change, whoever made it. */
  changed({ id }: { readonly id: string }): Promise<WorklogDetail> {
    return this.one(id, 'true', [currentTenantId(), id]);
  }

  private read(query: ListQuery, condition: string, params: unknown[]): Promise<Page<WorklogView>> {
    const reached = this.reach.predicate(currentActor(), WorklogPermissions.read, params);
    const where = `w.tenant_id = $1 and ${condition} and (${reached})`;
    return readPage<WorklogView>(this.db, {
      ...{ select: WORKLOG_COLUMNS, from: 'worklogs w', where, params, query, spec: WorklogList },
    });
  }

  private async one(id: string, condition: string, params: unknown[]): Promise<WorklogDetail> {
    const row = await this.db.one<WorklogDetail>(
      `select ${SELECT}, ${OVERLAPS} as overlaps from worklogs w where w.tenant_id = $1 and w.id = $2 and (${condition})`,
      params,
    );
    if (!row) throw new RecordNotFound('worklog', id);
    return row;
  }
}
