import { CustomersFacade } from '@app/customers';
import { Clock } from '@app/kernel';
import { currentActor, Database, RecordNotFound, VersionConflict } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type Became, Lead } from '../leads/lead.entity.js';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadReach } from '../leads/lead.reach.js';
import { EitherOr } from './conversion.errors.js';
import { type Conversion, ConversionParts } from './conversion-parts.js';

/** Makes a customer of a lead, and what else comes of it: all in one transaction, once. */
@Injectable()
export class ConversionService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: LeadReach,
    private readonly customers: CustomersFacade,
    private readonly parts: ConversionParts,
  ) {}

  /**
   * Of all who convert a lead at once one does, while it is held; the others are told what it became.
   * @throws RecordNotFound, OutOfReach, AlreadyConverted, InvalidTransition, CustomerKnown, CompanyUnknown, PermissionMissing
   */
  async convert(id: string, to: Conversion, version?: number): Promise<Lead> {
    if (to.companyId && to.opensCompany) throw new EitherOr('/opensCompany', 'companyId');
    if (to.dealId && to.deal) throw new EitherOr('/deal', 'dealId');
    await this.reach.assert(id, LeadPermissions.convert);
    return this.db.transaction(async () => {
      const lead = await this.db.lock(Lead, id);
      if (lead.deletedAt) throw new RecordNotFound('lead', id);
      lead.assertConvertible(); // before its version: whoever comes second is told what it became
      if (version !== undefined && version !== lead.version)
        throw new VersionConflict('lead', id, version, lead.version);
      lead.convert(await this.become(lead, to), this.clock.now());
      return this.db.save(lead);
    });
  }

  private async become(lead: Lead, to: Conversion): Promise<Became> {
    if (to.customerId) await this.customers.assertReadable(currentActor(), to.customerId);
    const customerId = to.customerId ?? (await this.parts.newCustomer(lead, to.sharesPhone ?? false));
    const companyId = await this.parts.company(lead, customerId, to);
    const dealId = await this.parts.deal(lead, { customerId, companyId }, to);
    return { customerId, companyId, dealId };
  }
}
