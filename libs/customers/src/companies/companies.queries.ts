import {
  currentActor,
  currentTenantId,
  Database,
  defineFields,
  type ListQuery,
  type ListSpec,
  type Page,
  readPage,
} from '@app/platform';
import { Injectable } from '@nestjs/common';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerReach } from '../customer.reach.js';
import type { CompanyContactView, CompanyOfCustomerView, CompanyView, TrashedCompanyView } from './companies.dto.js';
import { companyColumns, CompanyList, companyTrashColumns, CompanyTrashList } from './companies.list.js';
import { CompaniesService } from './companies.service.js';

const CONTACT_COLUMNS = {
  customerId: 'c.id',
  firstName: 'c.first_name',
  lastName: 'c.last_name',
  email: 'c.email',
  phone: 'c.phone',
  role: 'k.role',
  since: 'k.created_at',
} as const;

const BELONGING = {
  role: { type: 'text', column: 'k.role', example: 'Head of purchasing' },
  since: { type: 'instant', column: 'k.created_at', sortable: true },
} as const;

export const CompanyContactList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'c.id', description: 'The customer' },
    lastName: { type: 'text', column: 'c.last_name', sortable: true, example: 'Hopper' },
    ...BELONGING,
  }),
  defaultSort: 'since',
  record: 'customers',
  outputs: Object.keys(CONTACT_COLUMNS),
};

const COMPANY_OF_CUSTOMER_COLUMNS = {
  companyId: 'o.id',
  name: 'o.name',
  domain: 'o.domain',
  role: 'k.role',
  since: 'k.created_at',
} as const;

export const CompaniesOfCustomerList: ListSpec = {
  fields: defineFields({
    id: { type: 'id', column: 'o.id', description: 'The company' },
    name: { type: 'text', column: 'o.name', sortable: true, example: 'Blue Mill' },
    ...BELONGING,
  }),
  defaultSort: 'since',
  record: 'companies',
  outputs: Object.keys(COMPANY_OF_CUSTOMER_COLUMNS),
};

@Injectable()
export class CompaniesQueries {
  constructor(
    private readonly db: Database,
    private readonly reach: CustomerReach,
    private readonly companies: CompaniesService,
  ) {}

  list(query: ListQuery): Promise<Page<CompanyView>> {
    return readPage<CompanyView>(this.db, {
      select: companyColumns(),
      from: 'companies o',
      where: 'o.tenant_id = $1 and o.deleted_at is null',
      params: [currentTenantId()],
      query,
      spec: CompanyList,
    });
  }

  trash(query: ListQuery): Promise<Page<TrashedCompanyView>> {
    return readPage<TrashedCompanyView>(this.db, {
      select: companyTrashColumns(),
      from: 'companies o',
      where: 'o.tenant_id = $1 and o.deleted_at is not null',
      params: [currentTenantId()],
      query,
      spec: CompanyTrashList,
    });
  }

  /** Of its people those whom the reader may see. @throws RecordNotFound */
  async contacts(companyId: string, query: ListQuery): Promise<Page<CompanyContactView>> {
    await this.companies.present(companyId);
    const params: unknown[] = [currentTenantId(), companyId];
    const reached = this.reach.predicate(currentActor(), CustomerPermissions.read, params);
    return readPage<CompanyContactView>(this.db, {
      select: CONTACT_COLUMNS,
      from: 'company_contacts k join customers c on c.tenant_id = k.tenant_id and c.id = k.customer_id',
      where: `k.tenant_id = $1 and k.company_id = $2 and c.deleted_at is null and (${reached})`,
      params,
      query,
      spec: CompanyContactList,
    });
  }

  /** @throws RecordNotFound */
  async ofCustomer(customerId: string, query: ListQuery): Promise<Page<CompanyOfCustomerView>> {
    await this.reach.assertReadable(currentActor(), customerId);
    return readPage<CompanyOfCustomerView>(this.db, {
      select: COMPANY_OF_CUSTOMER_COLUMNS,
      from: 'company_contacts k join companies o on o.tenant_id = k.tenant_id and o.id = k.company_id',
      where: 'k.tenant_id = $1 and k.customer_id = $2 and o.deleted_at is null',
      params: [currentTenantId(), customerId],
      query,
      spec: CompaniesOfCustomerList,
    });
  }
}
