import { Tells } from '@app/platform';
import { ApiFieldValues, shownOf } from '@app/records';
import { ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { Line } from '../line.js';
import { IsCompanyDomain, normaliseDomain } from './company-domain.js';
import type { NewCompany } from './companies.service.js';
import type { Company, CompanyDocument } from './company.entity.js';

@Tells('companies')
export class CompanyView {
  /** @example "01920000-0001-701f-8000-000000000001" */
  id: string;
  /** @example "Harbour Freight & Co" */
  name: string;
  /** @example "harbour-freight.example" */
  domain: string | null;
  /**
   * What the tenant keeps of companies besides, by the keys of its fields.
   * @example { "sector": "shipping" }
   */
  customFields: Record<string, unknown>;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('companies')
export class TrashedCompanyView extends CompanyView {
  deletedAt: Date;
  deletedBy: string;
}

/** A customer who belongs to the company. */
@Tells('customers')
export class CompanyContactView {
  /** @example "01920000-0001-7004-8000-000000000001" */
  customerId: string;
  /** @example "Grace" */
  firstName: string;
  /** @example "Hopper" */
  lastName: string;
  email: string | null;
  phone: string | null;
  /** @example "Head of purchasing" */
  role: string;
  since: Date;
}

/** A company that the customer belongs to. */
@Tells('companies')
export class CompanyOfCustomerView {
  /** @example "01920000-0001-701f-8000-000000000001" */
  companyId: string;
  /** @example "Harbour Freight & Co" */
  name: string;
  domain: string | null;
  /** @example "Head of purchasing" */
  role: string;
  since: Date;
}

@Tells('companies')
export class CompanyDto {
  /** @example "Blue Mill Ltd" */
  @Line(1, 200)
  name: string;

  /**
   * Its domain in the public DNS, unique in the tenant; a copied web address is read as its domain.
   * @example "bluemill-ltd.example"
   */
  @IsOptional()
  @IsCompanyDomain()
  domain?: string | null;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;
}

/** JSON Merge Patch: what is absent stays, what is null goes. */
@Tells('companies')
export class PatchCompany extends PartialType(CompanyDto, { skipNullProperties: false }) {}

export class CompanyContactDto {
  /**
   * What the customer does there.
   * @example "Head of purchasing"
   */
  @Line(1, 100)
  role: string;
}

export class RemoveCompany {
  /** Deletes what is in the trash for good. */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsString()
  @IsIn(['true', 'false'])
  permanent?: 'true' | 'false';
}

export const toCompany = ({ name, domain, customFields }: CompanyDto): NewCompany => ({
  name,
  customFields,
  domain: (domain && normaliseDomain(domain)) || null,
});

export const toCompanyPatch = ({ name, domain, customFields }: PatchCompany): Partial<CompanyDocument> => ({
  name,
  customFields,
  ...(domain !== undefined && { domain: (domain && normaliseDomain(domain)) || null }),
});

export const toCompanyView = (company: Company): CompanyView => {
  const { id, name, domain, createdBy, version, createdAt, updatedAt } = company;
  const customFields = shownOf('companies', company.customFields, company.concealedFields);
  return { id, name, domain, customFields, createdBy, version, createdAt, updatedAt };
};
