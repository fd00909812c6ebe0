import { MailFacade } from '@app/mail';
import { currentTenantId, Database, onConstraint, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { LeadSettings, type SettingsDocument, USUAL } from './lead-settings.entity.js';
import { MailboxUnknown } from './lead-settings.errors.js';

@Injectable()
export class LeadSettingsService {
  constructor(
    private readonly db: Database,
    private readonly mails: MailFacade,
  ) {}

  /** Version 0 while the tenant has changed nothing. */
  async current(): Promise<SettingsDocument & { version: number }> {
    const found = await this.db.find(LeadSettings, currentTenantId());
    return found ?? { ...USUAL, version: 0 };
  }

  /** @throws MailboxUnknown, VersionConflict */
  async edit(to: Partial<SettingsDocument>, version?: number): Promise<SettingsDocument & { version: number }> {
    const tenantId = currentTenantId();
    const missing = await this.mails.missingMailboxes(to.mailboxIds ?? []);
    if (missing.length) throw new MailboxUnknown(missing);
    const found = await this.db.find(LeadSettings, tenantId);
    if (found) return this.db.change(LeadSettings, tenantId, version, (settings) => settings.edit(to));
    const stale = (seen: number): VersionConflict => new VersionConflict('lead settings', tenantId, seen, 1);
    if (version) throw stale(version);
    return this.db
      .create(LeadSettings.of(tenantId, { ...USUAL, ...definedOf(to) }))
      .catch(onConstraint('lead_settings_pkey', () => stale(0)));
  }
}

const definedOf = (to: Partial<SettingsDocument>): Partial<SettingsDocument> =>
  Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined));
