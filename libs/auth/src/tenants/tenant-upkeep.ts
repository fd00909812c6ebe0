import { Clock } from '@app/kernel';
import { Database, runAsSystem, Schedules } from '@app/platform';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuthFacade } from '../auth.facade.js';
import { RolesService } from '../roles/roles.service.js';

/** A worker that starts brings every tenant up to what its version declares: new grants of seeded roles, new schedules. */
@Injectable()
export class TenantUpkeep implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly roles: RolesService,
    private readonly schedules: Schedules,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    for (const { id, zone } of await this.auth.activeTenants())
      await runAsSystem(id, 'auth.upkeep', 'boot', () => this.bringUp(id, zone));
  }

  private bringUp(tenantId: string, zone: string): Promise<void> {
    return this.db.transaction(async () => {
      // workers start together: the second finds everything done
      await this.db.query("select pg_advisory_xact_lock(hashtextextended('upkeep ' || $1, 0))", [tenantId]);
      await this.roles.seed();
      await this.schedules.ensure(this.clock.now(), zone);
    });
  }
}
