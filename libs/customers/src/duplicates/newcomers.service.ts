import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Customer } from '../customer.entity.js';
import type { NewCustomer } from '../customer-document.js';
import { LikelyDuplicate } from '../customer.errors.js';
import { CustomersService } from '../customers.service.js';
import { DuplicateNoted } from '../events.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicatesQueries } from './duplicates.queries.js';
import { type Alike, Likenesses } from './likenesses.js';

/** Customers whom somebody enters, who may be there already. */
@Injectable()
export class NewcomersService {
  constructor(
    private readonly db: Database,
    private readonly customers: CustomersService,
    private readonly rules: DuplicateRulesService,
    private readonly queries: DuplicatesQueries,
    private readonly likenesses: Likenesses,
  ) {}

  /** As the duplicate rules of the tenant have it, or had it a second ago. @throws LikelyDuplicate, EmailTaken, TeamNotFound */
  async create(card: NewCustomer): Promise<Customer> {
    const { onCreate, leastScore } = await this.rules.recent();
    if (onCreate === 'allow') return this.customers.create(card);
    return this.db.transaction(() =>
      this.db.savepoint(async () => {
        const customer = await this.customers.create(card);
        const alike = await this.likenesses.among([customer.id], leastScore);
        const [likest] = alike;
        if (!likest) return customer;
        if (onCreate === 'refuse') throw await this.refusal(customer.id, alike);
        await this.likenesses.record([customer.id], leastScore);
        const { customerId, otherId, score } = likest;
        await this.db.publish(DuplicateNoted({ customerId, otherId, score }));
        return customer;
      }),
    );
  }

  private async refusal(newcomer: string, alike: readonly Alike[]): Promise<LikelyDuplicate> {
    const known = alike.map(({ customerId, otherId, score }) => ({
      customerId: customerId === newcomer ? otherId : customerId,
      score,
    }));
    const readable = await this.queries.readable(known.map(({ customerId }) => customerId));
    return new LikelyDuplicate(known.filter(({ customerId }) => readable.has(customerId)));
  }
}
