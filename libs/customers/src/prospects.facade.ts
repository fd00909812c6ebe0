import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CompaniesService } from './companies/companies.service.js';
import type { ContactKind } from './contact-points/contact-point.js';
import { Customer } from './customer.entity.js';
import { CustomerPermissions } from './customer.policy.js';
import { CustomerReach } from './customer.reach.js';
import { CustomersService } from './customers.service.js';
import { cardOf, type Prospect } from './stranger.js';

/** A customer who has an address or number already; `customerId` is null where the current actor may not read the record. */
export type KnownBy = { readonly customerId: string | null; readonly by: readonly ContactKind[] };

/** What contexts ask that make customers of people. */
@Injectable()
export class ProspectsFacade {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
    private readonly customers: CustomersService,
    private readonly companies: CompaniesService,
  ) {}

  /** Whose these are, in their normalised forms. Nobody's in the trash. */
  async knownBy({ email, phone }: { email: string | null; phone: string | null }): Promise<KnownBy[]> {
    const params: unknown[] = [currentTenantId(), email, phone];
    const readable = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    const rows = await this.db.query<{ id: string; by: ContactKind[]; isReadable: boolean }>(
      `select c.id, array_agg(distinct p.kind order by p.kind) as by, bool_and(${readable}) as "isReadable"
         from customer_contact_points p join customers c on c.tenant_id = p.tenant_id and c.id = p.customer_id
        where p.tenant_id = $1 and c.deleted_at is null
          and ((p.kind = 'email' and p.address = $2) or (p.kind = 'phone' and p.address = $3))
        group by c.id order by c.id limit 20`,
      params,
    );
    return rows.map(({ id, by, isReadable }) => ({ customerId: isReadable ? id : null, by }));
  }

  /** In the open transaction: a prospect, looked after by `assignedTo`. @throws EmailTaken, TeamNotFound */
  async begin(prospect: Prospect, assignedTo: string | null): Promise<string> {
    const { id } = await this.customers.create(cardOf(prospect));
    if (assignedTo) await this.db.change(Customer, id, undefined, (customer) => customer.assignTo(assignedTo));
    return id;
  }

  async openCompany(name: string): Promise<string> {
    return (await this.companies.create({ name, domain: null })).id;
  }

  /** Of a customer whom the actor may change. @throws RecordNotFound, CompanyInTrash */
  joinCompany(companyId: string, customerId: string, role: string): Promise<void> {
    return this.companies.join(companyId, customerId, role);
  }
}
