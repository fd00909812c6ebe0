import { Clock } from '@app/kernel';
import { currentActor, currentTenantId, Database, onConstraint, RecordNotFound } from '@app/platform';
import { CustomFields, type FieldMerge, type FieldValues } from '@app/records';
import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../customer.errors.js';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import { CompanyContact } from './company-contact.entity.js';
import { Company, type CompanyDocument } from './company.entity.js';
import { DomainTaken, NoContactOfCompany } from './company.errors.js';
import { CompanyPermissions } from './company.policy.js';

export type NewCompany = Omit<CompanyDocument, 'customFields'> & { readonly customFields?: FieldValues };

/** The companies that customers work for, and who works there. */
@Injectable()
export class CompaniesService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: CustomerReach,
    private readonly fields: CustomFields,
  ) {}

  /** @throws RecordNotFound also for what is in the trash */
  async present(id: string): Promise<Company> {
    const company = await this.db.find(Company, id);
    if (!company || company.deletedAt) throw new RecordNotFound('company', id);
    return company;
  }

  /** @throws DomainTaken, ValuesInvalid */
  create({ customFields, ...card }: NewCompany): Promise<Company> {
    return this.fields.merge('companies', customFields, 'onto', (after) => {
      const document = { ...card, customFields: after({}) ?? {} };
      return this.keep(document, () => this.db.create(Company.create(document, currentActor().id)));
    });
  }

  /** What is absent stays, also of custom fields. @throws RecordNotFound, CompanyInTrash, DomainTaken, ValuesInvalid */
  amend(id: string, to: Partial<CompanyDocument>, version?: number): Promise<Company> {
    return this.rewrite(id, to, version, 'onto');
  }

  /** Custom fields stay where none are named: who does not know of them takes none away. @throws as `amend` */
  replace(id: string, to: NewCompany, version?: number): Promise<Company> {
    return this.rewrite(id, to, version, 'insteadOf');
  }

  /** Its people stay, and are its people again when it is restored. @throws RecordNotFound, CompanyInTrash */
  trash(id: string, version?: number): Promise<Company> {
    const { id: deletedBy } = currentActor();
    return this.db.change(Company, id, version, (company) => company.trash(deletedBy, this.clock.now()));
  }

  /** @throws RecordNotFound, CompanyNotInTrash, DomainTaken when another company has the domain by now */
  async restore(id: string, version?: number): Promise<Company> {
    const { domain } = await this.db.get(Company, id);
    return this.keep({ domain }, () => this.db.change(Company, id, version, (company) => company.restore()));
  }

  /** For good, and only from the trash. @throws PermissionMissing, RecordNotFound, CompanyNotInTrash */
  async purge(id: string, version?: number): Promise<void> {
    if (!currentActor().can(CompanyPermissions.purge)) throw new PermissionMissing(CompanyPermissions.purge.name);
    await this.db.transaction(async () => {
      const company = await this.db.lock(Company, id, version);
      company.purge();
      await this.db.remove(company);
    });
  }

  /** Of a customer whom the actor may change; again with another role changes the role. @throws RecordNotFound, CompanyInTrash */
  async join(companyId: string, customerId: string, role: string): Promise<void> {
    await this.reach.assertPresent(currentActor(), CustomerPermissions.update, customerId);
    await this.db.transaction(async () => {
      (await this.db.lock(Company, companyId)).assertPresent(); // and one at a time, so that nobody joins twice
      const known = await this.contactOf(companyId, customerId);
      if (known) await this.db.change(CompanyContact, known.id, undefined, (contact) => contact.serveAs(role));
      else await this.db.create(CompanyContact.join(companyId, customerId, role, currentActor().id));
    });
  }

  /** @throws RecordNotFound, CompanyInTrash, NoContactOfCompany */
  async leave(companyId: string, customerId: string): Promise<void> {
    await this.reach.assertPresent(currentActor(), CustomerPermissions.update, customerId);
    await this.db.transaction(async () => {
      (await this.db.lock(Company, companyId)).assertPresent();
      const contact = await this.contactOf(companyId, customerId);
      if (!contact) throw new NoContactOfCompany(customerId);
      contact.leave();
      await this.db.remove(contact);
    });
  }

  private rewrite(
    id: string,
    { customFields, ...to }: Partial<CompanyDocument>,
    version: number | undefined,
    how: FieldMerge,
  ): Promise<Company> {
    return this.fields.merge('companies', customFields, how, (after) =>
      this.keep(to, () =>
        this.db.change(Company, id, version, (company) =>
          company.amend({ ...to, customFields: after(company.customFields) }),
        ),
      ),
    );
  }

  private async contactOf(companyId: string, customerId: string): Promise<CompanyContact | undefined> {
    const which = 'tenant_id = $1 and company_id = $2 and customer_id = $3';
    return (await this.db.findWhere(CompanyContact, which, [currentTenantId(), companyId, customerId]))[0];
  }

  private keep({ domain }: Partial<CompanyDocument>, write: () => Promise<Company>): Promise<Company> {
    return this.db
      .savepoint(write)
      .catch(onConstraint('companies_domain_is_free', () => new DomainTaken(domain ?? '')));
  }
}
