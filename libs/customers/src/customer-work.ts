import type { Permission } from '@app/kernel';
import { currentActor, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Customer } from './customer.entity.js';
import { AssigneeUnavailable, EmailTaken, TeamNotFound } from './customer.errors.js';
import { CustomerPermissions } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
import { CustomersQueries } from './customers.queries.js';
import { RequirementsGate } from './requirements/requirements-gate.js';
import { BirthdayOutOfRange } from './person/person.errors.js';

/** One piece of work on one customer: may I, then one guarded statement, and what PostgreSQL refused in our words. */
@Injectable()
export class CustomerWork {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
    private readonly queries: CustomersQueries,
    private readonly gate: RequirementsGate,
  ) {}

  /** @throws EmailTaken, TeamNotFound, RequirementsMissing */
  begin(customer: Customer): Promise<Customer> {
    const begun = (): Promise<Customer> =>
      this.db.savepoint(() => this.db.create(customer)).catch((error) => this.explain(error, customer));
    if (customer.status === 'lead') return begun();
    return this.db.transaction(async () => {
      await this.gate.assertMet(customer);
      return begun();
    });
  }

  /** @throws RecordNotFound, VersionConflict, EmailTaken, TeamNotFound, AssigneeUnavailable */
  async do(
    permission: Permission,
    id: string,
    version: number | undefined,
    verb: (customer: Customer) => void,
  ): Promise<Customer> {
    if (permission.scoped) await this.assertWithin(permission, id);
    let changed: Customer | undefined;
    const decide = (customer: Customer): void => {
      changed = customer;
      verb(customer);
    };
    return this.db
      .savepoint(() => this.db.change(Customer, id, version, decide))
      .catch((error) => this.explain(error, changed));
  }

  /** Into another status, and only with what it demands, which does not change while the row is held. @throws RequirementsMissing */
  async move(id: string, version: number | undefined, verb: (customer: Customer) => void): Promise<Customer> {
    await this.assertWithin(CustomerPermissions.update, id);
    return this.db.transaction(async () => {
      const customer = await this.db.lock(Customer, id, version);
      const from = customer.status;
      verb(customer);
      if (customer.status !== from) await this.gate.assertMet(customer);
      return this.db.save(customer);
    });
  }

  /** @throws RecordNotFound */
  assertWithin(permission: Permission, id: string): Promise<void> {
    return this.reach.assertWithin(currentActor(), permission, id);
  }

  private async explain(error: unknown, customer: Customer | undefined): Promise<never> {
    if (!isDatabaseFault(error) || !customer) throw error;
    switch (error.constraint) {
      case 'customers_email_is_unique': {
        const emails = customer.contactPoints
          .filter(({ kind }) => kind === 'email')
          .map(({ normalized }) => normalized);
        throw new EmailTaken(await this.queries.ownerOf(emails, customer.id, currentActor()));
      }
      case 'customers_birthday_is_past':
        throw new BirthdayOutOfRange();
      case 'customers_team_exists':
        throw new TeamNotFound();
      case 'customers_assignee_exists':
        throw new AssigneeUnavailable(customer.assignedTo ?? '');
      default:
        throw error;
    }
  }
}
