import { type Actor, Clock } from '@app/kernel';
import { AuthFacade } from '@app/auth';
import { currentActor, Database, isDatabaseFault } from '@app/platform';
import { CustomFields } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Customer } from './customer.entity.js';
import type { CustomerDocument, CustomerPatch, NewCustomer } from './customer-document.js';
import { AssigneeUnavailable, CustomerInUse, PermissionMissing } from './customer.errors.js';
import { CustomerPermissions, type CustomerStatus } from './customer.policy.js';
import { CustomerWork } from './customer-work.js';
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
    private readonly work: CustomerWork,
    private readonly fields: CustomFields,
  ) {}

  /**
   * Belongs to the only team of whoever creates it, unless the card names another.
   * @throws EmailTaken, TeamNotFound, ValuesInvalid, RequirementsMissing
   */
  create({ customFields, ...card }: NewCustomer, now = this.clock.now()): Promise<Customer> {
    const actor = currentActor();
    return this.fields.enter('customers', customFields, (entry) => {
      const given = { ...inOnlyTeam(card, actor), customFields: entry?.onto({}) };
      return this.work.begin(Customer.create(given, actor.id, now));
    });
  }

  /** Custom fields stay where none are named: who does not know of them takes none away. @throws ValuesInvalid */
  replace(id: string, { customFields, ...document }: CustomerDocument, version?: number): Promise<Customer> {
    return this.fields.enter('customers', customFields, (entry) =>
      this.update(id, version, (customer) =>
        customer.amend({ ...document, customFields: entry?.insteadOf(customer.customFields) }, this.clock.now()),
      ),
    );
  }

  /**
   * As RFC 7396 has it, also inside of `metadata`, `customFields` and `quietHours`: what is absent stays, what is null goes.
   * @throws ValuesInvalid
   */
  patch(
    id: string,
    { metadata, customFields, quietHours, ...fields }: CustomerPatch,
    version?: number,
  ): Promise<Customer> {
    return this.fields.enter('customers', customFields, (entry) =>
      this.update(id, version, (customer) =>
        customer.amend(
          {
            ...fields,
            customFields: entry?.onto(customer.customFields),
            ...(metadata !== undefined && {
              metadata: metadata === null ? {} : mergePatch(customer.metadata, metadata),
            }),
            ...(quietHours !== undefined && { quietHours: quietHours && { ...customer.quietHours, ...quietHours } }),
          },
          this.clock.now(),
        ),
      ),
    );
  }

  /** Exactly what is given: `metadata` and quiet hours as a whole, of custom fields those that are named. @throws ValuesInvalid */
  amend(id: string, { customFields, ...document }: Partial<CustomerDocument>, version?: number): Promise<Customer> {
    return this.fields.enter('customers', customFields, (entry) =>
      this.update(id, version, (customer) =>
        customer.amend({ ...document, customFields: entry?.onto(customer.customFields) }, this.clock.now()),
      ),
    );
  }

  /** @throws InvalidTransition, RequirementsMissing */
  moveTo(
    id: string,
    status: CustomerStatus,
    reason: string | null,
    version?: number,
    now = this.clock.now(),
  ): Promise<Customer> {
    return this.work.move(id, version, (customer) => customer.moveTo(status, reason, now));
  }

  /** `null` gives the customer to nobody. @throws AssigneeUnavailable */
  async assign(id: string, userId: string | null, version?: number): Promise<Customer> {
    const [user] = userId ? await this.users.usersByIds([userId]) : [];
    if (userId && !user?.isActive) throw new AssigneeUnavailable(userId);
    return this.work.do(CustomerPermissions.assign, id, version, (customer) => customer.assignTo(userId));
  }

  /** Whatever `update` permits, by a verb of the entity. @throws EmailTaken, TeamNotFound */
  update(id: string, version: number | undefined, verb: (customer: Customer) => void): Promise<Customer> {
    return this.work.do(CustomerPermissions.update, id, version, verb);
  }

  trash(id: string, reason: string | null, version?: number, now = this.clock.now()): Promise<Customer> {
    const { id: deletedBy } = currentActor();
    return this.work.do(CustomerPermissions.delete, id, version, (customer) => customer.trash(deletedBy, reason, now));
  }

  /** @throws CustomerNotInTrash, EmailTaken when somebody else has one of the addresses by now */
  restore(id: string, version?: number): Promise<Customer> {
    return this.work.do(CustomerPermissions.restore, id, version, (customer) => customer.restore());
  }

  /** For good, and only from the trash. @throws PermissionMissing, CustomerNotInTrash, CustomerInUse */
  async purge(id: string, version?: number): Promise<void> {
    if (!currentActor().can(CustomerPermissions.purge)) throw new PermissionMissing(CustomerPermissions.purge.name);
    await this.work.assertWithin(CustomerPermissions.delete, id);
    await this.db.transaction(async () => {
      const customer = await this.db.lock(Customer, id, version);
      customer.purge();
      await this.db.remove(customer).catch((error: unknown) => {
        throw isDatabaseFault(error) && error.code === REFERENCED ? new CustomerInUse(id) : error;
      });
    });
  }
}
