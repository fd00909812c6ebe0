import { type Actor, Clock, type Permission } from '@app/kernel';
import { AuthFacade } from '@app/auth';
import { currentActor, Database, isDatabaseFault } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Customer, type CustomerDocument, type CustomerPatch, type NewCustomer } from './customer.entity.js';
import { AssigneeUnavailable, CustomerInUse, EmailTaken, PermissionMissing, TeamNotFound } from './customer.errors.js';
import { CustomerPermissions, type CustomerStatus } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
import { CustomersQueries } from './customers.queries.js';
import { mergePatch } from './merge-patch.js';

const REFERENCED = '23503';

/** A card that names no team belongs to the only one of whoever creates it. */
export const inOnlyTeam = (card: NewCustomer, { teams }: Actor): NewCustomer => ({
  ...card,
  teamId: card.teamId === undefined ? (teams.length === 1 ? teams[0] : null) : card.teamId,
});

@Injectable()
export class CustomersService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly users: AuthFacade,
    private readonly reach: CustomerReach,
    private readonly queries: CustomersQueries,
  ) {}

  /** Belongs to the only team of whoever creates it, unless the card names another. @throws EmailTaken, TeamNotFound */
  create(card: NewCustomer, now = this.clock.now()): Promise<Customer> {
    const actor = currentActor();
    const customer = Customer.create(inOnlyTeam(card, actor), actor.id, now);
    return this.db.savepoint(() => this.db.create(customer)).catch((error) => this.explain(error, customer));
  }

  replace(id: string, document: CustomerDocument, version?: number): Promise<Customer> {
    return this.update(id, version, (customer) => customer.amend(document));
  }

  /** As RFC 7396 has it, `metadata` included: what is absent stays, what is null goes. */
  patch(id: string, { metadata, ...fields }: CustomerPatch, version?: number): Promise<Customer> {
    return this.update(id, version, (customer) =>
      customer.amend({
        ...fields,
        ...(metadata !== undefined && { metadata: metadata === null ? {} : mergePatch(customer.metadata, metadata) }),
      }),
    );
  }

  moveTo(
    id: string,
    status: CustomerStatus,
    reason: string | null,
    version?: number,
    now = this.clock.now(),
  ): Promise<Customer> {
    return this.update(id, version, (customer) => customer.moveTo(status, reason, now));
  }

  /** `null` gives the customer to nobody. @throws AssigneeUnavailable */
  async assign(id: string, userId: string | null, version?: number): Promise<Customer> {
    const [user] = userId ? await this.users.usersByIds([userId]) : [];
    if (userId && !user?.isActive) throw new AssigneeUnavailable(userId);
    return this.change(CustomerPermissions.assign, id, version, (customer) => customer.assignTo(userId));
  }

  /** Whatever `update` permits, by a verb of the entity. @throws EmailTaken, TeamNotFound */
  update(id: string, version: number | undefined, verb: (customer: Customer) => void): Promise<Customer> {
    return this.change(CustomerPermissions.update, id, version, verb);
  }

  trash(id: string, reason: string | null, version?: number, now = this.clock.now()): Promise<Customer> {
    const { id: deletedBy } = currentActor();
    return this.change(CustomerPermissions.delete, id, version, (customer) => customer.trash(deletedBy, reason, now));
  }

  /** @throws CustomerNotInTrash, EmailTaken when somebody else has one of the addresses by now */
  restore(id: string, version?: number): Promise<Customer> {
    return this.change(CustomerPermissions.restore, id, version, (customer) => customer.restore());
  }

  /** For good, and only from the trash. @throws PermissionMissing, CustomerNotInTrash, CustomerInUse */
  async purge(id: string, version?: number): Promise<void> {
    if (!currentActor().can(CustomerPermissions.purge)) throw new PermissionMissing(CustomerPermissions.purge.name);
    await this.reach.assertWithin(currentActor(), CustomerPermissions.delete, id);
    await this.db.transaction(async () => {
      const customer = await this.db.lock(Customer, id, version);
      customer.purge();
      await this.db.remove(customer).catch((error: unknown) => {
        throw isDatabaseFault(error) && error.code === REFERENCED ? new CustomerInUse(id) : error;
      });
    });
  }

  private async change(
    permission: Permission,
    id: string,
    version: number | undefined,
    verb: (customer: Customer) => void,
  ): Promise<Customer> {
    if (permission.scoped) await this.reach.assertWithin(currentActor(), permission, id);
    let changed: Customer | undefined;
    const decide = (customer: Customer): void => {
      changed = customer;
      verb(customer);
    };
    return this.db
      .savepoint(() => this.db.change(Customer, id, version, decide))
      .catch((error) => this.explain(error, changed));
  }

  /** What PostgreSQL refused, in the words of the domain. */
  private async explain(error: unknown, customer: Customer | undefined): Promise<never> {
    if (!isDatabaseFault(error) || !customer) throw error;
    switch (error.constraint) {
      case 'customers_email_is_unique': {
        const emails = customer.contactPoints
          .filter(({ kind }) => kind === 'email')
          .map(({ normalized }) => normalized);
        throw new EmailTaken(await this.queries.ownerOf(emails, customer.id, currentActor()));
      }
      case 'customers_team_exists':
        throw new TeamNotFound();
      case 'customers_assignee_exists':
        throw new AssigneeUnavailable(customer.assignedTo ?? '');
      default:
        throw error;
    }
  }
}
