import { currentTenantId, Database, onConstraint, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { InquirySettings, type SettingsDocument, USUAL } from './inquiry-settings.entity.js';

@Injectable()
export class InquirySettingsService {
  constructor(private readonly db: Database) {}

  /** Version 0 while the tenant has changed nothing. */
  async current(): Promise<SettingsDocument & { version: number }> {
    const found = await this.db.find(InquirySettings, currentTenantId());
    return found ?? { ...USUAL, version: 0 };
  }

  async edit(to: Partial<SettingsDocument>, version?: number): Promise<SettingsDocument & { version: number }> {
    const tenantId = currentTenantId();
    const found = await this.db.find(InquirySettings, tenantId);
    if (found) return this.db.change(InquirySettings, tenantId, version, (settings) => settings.edit(to));
    const stale = (seen: number): VersionConflict => new VersionConflict('inquiry settings', tenantId, seen, 1);
    if (version) throw stale(version);
    return this.db
      .create(InquirySettings.of(tenantId, { ...USUAL, ...to }))
      .catch(onConstraint('inquiry_settings_pkey', () => stale(0)));
  }
}
