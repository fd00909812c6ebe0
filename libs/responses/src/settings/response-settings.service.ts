import { Config, currentTenantId, Database, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ResponseSettings } from './response-settings.entity.js';

@Injectable()
export class ResponseSettingsService {
  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {}

  /** As they stand; the defaults, at version 0, until somebody has changed them. */
  async current(): Promise<ResponseSettings> {
    const tenantId = currentTenantId();
    return (await this.db.find(ResponseSettings, tenantId)) ?? ResponseSettings.of(tenantId);
  }

  /** When what is approved now goes out by itself: after the time to undo; null where people send. */
  async sendingTime(now: Date): Promise<Date | null> {
    const { sendsAutomatically } = await this.current();
    return sendsAutomatically ? new Date(now.getTime() + this.config.RESPONSE_UNDO_SECONDS * 1000) : null;
  }

  /** The lock makes the first two changes of a tenant wait for each other: both would find no row to change. */
  set(to: { sendsAutomatically: boolean }, version?: number): Promise<ResponseSettings> {
    return this.db.transaction(async () => {
      const tenantId = currentTenantId();
      await this.db.query("select pg_advisory_xact_lock(hashtextextended('response_settings ' || $1::text, 0))", [
        tenantId,
      ]);
      const settings = await this.current();
      if (version !== undefined && version !== settings.version) {
        throw new VersionConflict('response settings', tenantId, version, settings.version);
      }
      settings.set(to);
      return settings.version === 0 ? this.db.create(settings) : this.db.save(settings);
    });
  }
}
