import { Clock } from '@app/kernel';
import { currentActor, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Customer, NewCustomer } from '../customer.entity.js';
import { LikelyDuplicate } from '../customer.errors.js';
import { CustomersService } from '../customers.service.js';
import { DuplicateNoted } from '../events.js';
import { Duplicate } from './duplicate.entity.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicatesQueries } from './duplicates.queries.js';
import { type Alike, Likenesses } from './likenesses.js';

/** What is done about customers who are probably one person. */
@Injectable()
export class DuplicatesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly customers: CustomersService,
    private readonly rules: DuplicateRulesService,
    private readonly queries: DuplicatesQueries,
    private readonly likenesses: Likenesses,
  ) {}

  /** A customer whom somebody enters, as the rules of the tenant have it. @throws LikelyDuplicate, EmailTaken, TeamNotFound */
  async create(card: NewCustomer): Promise<Customer> {
    const { onCreate, leastScore } = await this.rules.current();
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

  /** They are two people: they are not listed as open again. @throws RecordNotFound when one of both is out of reach */
  async dismiss(id: string, version?: number): Promise<void> {
    await this.queries.view(id);
    const { id: by } = currentActor();
    await this.db.change(Duplicate, id, version, (pair) => pair.dismiss(by, this.clock.now()));
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
