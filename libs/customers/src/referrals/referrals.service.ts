import { currentActor, onConstraint } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Customer } from '../customer.entity.js';
import { ReferralCycle } from '../customer.errors.js';
import { CustomerReach } from '../customer.reach.js';
import { CustomersService } from '../customers.service.js';

/** Who brought whom. */
@Injectable()
export class ReferralsService {
  constructor(
    private readonly reach: CustomerReach,
    private readonly customers: CustomersService,
  ) {}

  /** Said once; `null` takes it back. @throws RecordNotFound, AlreadyReferred, ReferralCycle */
  async refer(id: string, referrerId: string | null, version?: number): Promise<Customer> {
    if (referrerId) await this.reach.assertReadable(currentActor(), referrerId);
    return this.customers
      .update(id, version, (customer) => customer.comeFrom(referrerId))
      .catch(onConstraint('customers_referral_has_no_cycle', () => new ReferralCycle()));
  }
}
