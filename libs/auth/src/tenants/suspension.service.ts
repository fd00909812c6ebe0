import { Clock } from '@app/kernel';
import { currentRequestId, Database, Holds, runAsSystem, Standings } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Tenant } from './tenant.entity.js';
import { TenantsService } from './tenants.service.js';

const DAY_MS = 86_400_000;

/** Whether a tenant works: called by whoever runs the installation, for another tenant than anybody's who acts. */
@Injectable()
export class SuspensionService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly holds: Holds,
    private readonly standings: Standings,
    private readonly tenants: TenantsService,
  ) {}

  /** From now on it is read and exported, and neither people nor the worker change anything. */
  suspend(id: string): Promise<void> {
    return this.change(id, (tenant) => tenant.suspend());
  }

  /** Nobody of the tenant comes in from now on, nor does any of its service tokens. */
  lock(id: string): Promise<void> {
    return this.change(id, (tenant) => tenant.lock());
  }

  /** Their sessions, as far as they have not expired, go on, and so does what waited; it has the roles and schedules of today. */
  activate(id: string): Promise<void> {
    return this.change(id, (tenant) => tenant.activate());
  }

  /** From now on it is read and exported, and deleted for good after so many days unless it is kept. */
  async close(id: string, days: number): Promise<Date> {
    const deleteAt = new Date(this.clock.now().getTime() + days * DAY_MS);
    await this.change(id, (tenant) => tenant.close(deleteAt));
    return deleteAt;
  }

  /** What was to be deleted stays, and is suspended. */
  keep(id: string): Promise<void> {
    return this.change(id, (tenant) => tenant.keep());
  }

  /** Clears every cached standing of the current tenant. */
  async forgetEverybody(): Promise<void> {
    const rows = await this.db.query<{ id: string }>(
      'select id from sessions where revoked_at is null union all select id from service_tokens where revoked_at is null',
    );
    await this.standings.forget(rows.map(({ id }) => id));
  }

  private async change(id: string, verb: (tenant: Tenant) => void): Promise<void> {
    await runAsSystem(id, 'auth.tenants', currentRequestId(), async () => {
      await this.db.transaction(async () => {
        const { status, zone } = await this.db.change(Tenant, id, undefined, verb);
        if (status !== 'active') return this.holds.hold();
        await this.holds.release();
        await this.tenants.bringUp(zone);
      });
      await this.forgetEverybody();
    });
  }
}
