import { Clock } from '@app/kernel';
import { currentTenantId, Database, DeparturePort, FileStore, isDatabaseFault, Jobs, Ports } from '@app/platform';
import { Injectable, Logger } from '@nestjs/common';
import { DeleteTenant } from '../auth.jobs.js';
import { Tenant } from './tenant.entity.js';

const BATCH = 2000;
const REFERENCED = '23503';
/** Until the very end: a crash before it is made up for by the job, which is one of these rows. */
const LAST = ['tenants', 'outbox', 'deliveries', 'tenant_holds', 'audit_log'];
const TABLES = `select p.tablename as name from pg_policies p where p.schemaname = 'public' and p.policyname = 'tenant' and p.tablename <> all ($1) order by 1`;

/** Everything of a tenant whose time to be kept is over: rows, files, and what contexts keep elsewhere. */
@Injectable()
export class TenantDeletion {
  private readonly log = new Logger('tenants');

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
    private readonly files: FileStore,
    private readonly ports: Ports,
  ) {}

  plan(deleteAt: string): Promise<void> {
    return this.jobs.enqueue(DeleteTenant, { deleteAt }, new Date(deleteAt));
  }

  /** The current tenant, if that is still what is planned. Again after a crash, from where it was. */
  async delete(deleteAt: string): Promise<void> {
    const id = currentTenantId();
    const tenant = await this.db.find(Tenant, id);
    if (!tenant?.isDue(deleteAt)) return;
    for (const context of this.ports.all(DeparturePort)) await context.leave();
    await this.files.removeAll();
    await this.eraseAll(id);
    await this.erase('select tenant_erase_last($1, $2)', [id, this.clock.now()]);
    this.log.log({ tenantId: id, slug: tenant.slug }, 'a tenant was deleted for good');
  }

  /** Pass by pass: what others still refer to goes in a later one; what refers to itself goes in one piece. */
  private async eraseAll(id: string): Promise<void> {
    const tables = await this.db.query<{ name: string }>(TABLES, [LAST]);
    let left = tables.map(({ name }) => name);
    for (let most: number | null = BATCH; left.length;) {
      const blocked: string[] = [];
      for (const table of left) if (!(await this.empty(id, table, most))) blocked.push(table);
      if (blocked.length === left.length && most === null) throw new Error(`Not to be emptied: ${blocked.join(', ')}`);
      most = blocked.length === left.length ? null : BATCH;
      left = blocked;
    }
  }

  /** Whether nothing is left in it. */
  private async empty(id: string, table: string, most: number | null): Promise<boolean> {
    try {
      for (let gone = 1; gone > 0;)
        gone = await this.erase('select tenant_erase($1, $2, $3, $4) as gone', [id, table, most, this.clock.now()]);
      return true;
    } catch (error) {
      if (isDatabaseFault(error) && error.code === REFERENCED) return false;
      throw error;
    }
  }

  /** In a transaction of its own, which says who acts. */
  private async erase(sql: string, values: unknown[]): Promise<number> {
    const row = await this.db.transaction(() => this.db.one<{ gone?: number }>(sql, values));
    return row?.gone ?? 0;
  }
}
