import { CompanyPermissions, CustomerPermissions, CustomersFacade, EmailTaken, ProspectsFacade } from '@app/customers';
import { DealPermissions, DealsFacade, type DealTerms } from '@app/deals';
import type { Permission } from '@app/kernel';
import { currentActor } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Lead } from '../leads/lead.entity.js';
import { CompanyNameless, CompanyUnknown, CustomerKnown, PermissionMissing } from './conversion.errors.js';

/** What a lead becomes: each part new, known already, or left out. */
export type Conversion = {
  readonly customerId?: string;
  readonly sharesPhone?: boolean;
  readonly companyId?: string;
  readonly opensCompany?: boolean;
  readonly dealId?: string;
  readonly deal?: Omit<DealTerms, 'customerId' | 'companyId' | 'teamId' | 'ownerId'>;
};

/** What somebody who came as a lead is to the company that they came with. */
const ROLE = 'Contact';

/** In the open transaction, in which the lead is held: the records that it becomes, as whoever acts. */
@Injectable()
export class ConversionParts {
  constructor(
    private readonly customers: CustomersFacade,
    private readonly prospects: ProspectsFacade,
    private readonly deals: DealsFacade,
  ) {}

  /** @throws PermissionMissing, CustomerKnown */
  async newCustomer(lead: Lead, sharesPhone: boolean): Promise<string> {
    assertMay(CustomerPermissions.create);
    await this.assertUnknown(lead, sharesPhone);
    return this.prospects.begin(lead, lead.ownerId).catch(async (error: unknown) => {
      // somebody else was faster with this address
      if (error instanceof EmailTaken) await this.assertUnknown(lead, sharesPhone);
      throw error;
    });
  }

  /** @throws PermissionMissing, CompanyNameless, CompanyUnknown, RecordNotFound when the customer may not be changed */
  async company(lead: Lead, customerId: string, { companyId, opensCompany }: Conversion): Promise<string | null> {
    if (!companyId && !opensCompany) return null;
    assertMay(CompanyPermissions.update);
    if (companyId && !(await this.customers.hasCompany(companyId))) throw new CompanyUnknown();
    const id = companyId ?? (await this.openCompany(lead));
    await this.prospects.joinCompany(id, customerId, ROLE);
    return id;
  }

  /** @throws PermissionMissing, and whatever deals refuse */
  async deal(
    lead: Lead,
    whose: { customerId: string; companyId: string | null },
    { dealId, deal }: Conversion,
  ): Promise<string | null> {
    if (dealId) await this.deals.adopt(dealId, whose);
    if (!deal) return dealId ?? null;
    assertMay(DealPermissions.create);
    // the lead's owner sells on, where whoever converts may say so
    const isTheirs = lead.ownerId !== null && currentActor().can(DealPermissions.assign);
    const owner = isTheirs ? { ownerId: lead.ownerId ?? undefined } : {};
    return this.deals.begin({ ...deal, ...whose, ...owner, teamId: lead.teamId });
  }

  private async openCompany({ company }: Lead): Promise<string> {
    assertMay(CompanyPermissions.create);
    if (!company) throw new CompanyNameless();
    return this.prospects.openCompany(company);
  }

  private async assertUnknown({ email, phone }: Lead, sharesPhone: boolean): Promise<void> {
    const known = await this.prospects.knownBy({ email, phone: sharesPhone ? null : phone });
    if (!known.length) return;
    throw new CustomerKnown(known.flatMap(({ customerId, by }) => (customerId ? [{ customerId, by }] : [])));
  }
}

function assertMay(permission: Permission): void {
  if (!currentActor().can(permission)) throw new PermissionMissing(permission);
}
