import { Allow, ApiList, IfMatch, Listed, type ListQuery, type Page, StepUp, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import {
  CompanyContactDto,
  CompanyContactView,
  CompanyDto,
  CompanyOfCustomerView,
  CompanyView,
  PatchCompany,
  RemoveCompany,
  toCompany,
  toCompanyPatch,
  toCompanyView,
  TrashedCompanyView,
} from './companies.dto.js';
import { CompaniesOfCustomerList, CompaniesQueries, CompanyContactList } from './companies.queries.js';
import { CompanyList, CompanyTrashList } from './companies.list.js';
import { CompaniesService } from './companies.service.js';
import { CompanyPermissions } from './company.policy.js';

@ApiTags('customers')
@Controller('companies')
export class CompaniesController {
  constructor(
    private readonly companies: CompaniesService,
    private readonly queries: CompaniesQueries,
  ) {}

  @Get()
  @Allow(CompanyPermissions.read)
  @ApiList(CompanyList, CompanyView)
  @ApiOperation({ summary: 'List companies' })
  list(@Listed(CompanyList) query: ListQuery): Promise<Page<CompanyView>> {
    return this.queries.list(query);
  }

  @Get('trash')
  @Allow(CompanyPermissions.restore)
  @ApiList(CompanyTrashList, TrashedCompanyView)
  @ApiOperation({ summary: 'List companies in the trash', description: 'With who put each there, and when.' })
  trash(@Listed(CompanyTrashList) query: ListQuery): Promise<Page<TrashedCompanyView>> {
    return this.queries.trash(query);
  }

  @Get(':id')
  @Allow(CompanyPermissions.read)
  @ApiOperation({ summary: 'One company' })
  get(@Param('id', UuidPipe) id: string): Promise<CompanyView> {
    return this.companies.present(id).then(toCompanyView);
  }

  @Post()
  @Allow(CompanyPermissions.create)
  @ApiOperation({ summary: 'Create a company', description: 'A domain that another company has: 409 `domain_taken`.' })
  create(@Body() body: CompanyDto): Promise<CompanyView> {
    return this.companies.create(toCompany(body)).then(toCompanyView);
  }

  @Put(':id')
  @Allow(CompanyPermissions.update)
  @ApiOperation({ summary: 'Replace a company', description: 'What is absent is emptied. For a part, use PATCH.' })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: CompanyDto,
    @IfMatch() version?: number,
  ): Promise<CompanyView> {
    return this.companies.replace(id, toCompany(body), version).then(toCompanyView);
  }

  @Patch(':id')
  @Allow(CompanyPermissions.update)
  @ApiOperation({
    summary: 'Change a part of a company',
    description: 'JSON Merge Patch (RFC 7396): what is absent stays, what is null goes.',
  })
  patch(
    @Param('id', UuidPipe) id: string,
    @Body() body: PatchCompany,
    @IfMatch() version?: number,
  ): Promise<CompanyView> {
    return this.companies.amend(id, toCompanyPatch(body), version).then(toCompanyView);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CompanyPermissions.delete)
  @StepUp(({ permanent }) => permanent !== undefined && permanent !== 'false')
  @ApiOperation({
    summary: 'Put a company into the trash, or delete it for good',
    description:
      'With `permanent=true` what is in the trash goes for good; that needs `companies:purge` as well, and a second factor ' +
      'or password shown in the last ten minutes: else 403 `step_up_required`. Its people stay customers.',
  })
  async remove(
    @Param('id', UuidPipe) id: string,
    @Query() { permanent }: RemoveCompany,
    @IfMatch() version?: number,
  ): Promise<void> {
    await (permanent === 'true' ? this.companies.purge(id, version) : this.companies.trash(id, version));
  }

  @Post(':id/restore')
  @HttpCode(200)
  @Allow(CompanyPermissions.restore)
  @ApiOperation({
    summary: 'Take a company out of the trash',
    description: '409 `domain_taken` when another company has the domain by now.',
  })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<CompanyView> {
    return this.companies.restore(id, version).then(toCompanyView);
  }

  @Get(':id/contacts')
  @Allow(CompanyPermissions.read)
  @ApiList(CompanyContactList, CompanyContactView)
  @ApiOperation({ summary: 'List the people of a company', description: 'Those whom you may see as customers.' })
  contacts(
    @Param('id', UuidPipe) id: string,
    @Listed(CompanyContactList) query: ListQuery,
  ): Promise<Page<CompanyContactView>> {
    return this.queries.contacts(id, query);
  }

  @Put(':id/contacts/:customerId')
  @HttpCode(204)
  @Allow(CompanyPermissions.update)
  @ApiOperation({
    summary: 'Say that a customer belongs to a company, and as what',
    description: 'The customer must be within reach of `customers:update`. Again with another role: the role changes.',
  })
  join(
    @Param('id', UuidPipe) id: string,
    @Param('customerId', UuidPipe) customerId: string,
    @Body() { role }: CompanyContactDto,
  ): Promise<void> {
    return this.companies.join(id, customerId, role);
  }

  @Delete(':id/contacts/:customerId')
  @HttpCode(204)
  @Allow(CompanyPermissions.update)
  @ApiOperation({ summary: 'Say that a customer does not belong to a company any more' })
  leave(@Param('id', UuidPipe) id: string, @Param('customerId', UuidPipe) customerId: string): Promise<void> {
    return this.companies.leave(id, customerId);
  }
}

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/companies')
export class CompaniesOfCustomerController {
  constructor(private readonly queries: CompaniesQueries) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiList(CompaniesOfCustomerList, CompanyOfCustomerView)
  @ApiOperation({ summary: 'List the companies that a customer belongs to' })
  list(
    @Param('id', UuidPipe) id: string,
    @Listed(CompaniesOfCustomerList) query: ListQuery,
  ): Promise<Page<CompanyOfCustomerView>> {
    return this.queries.ofCustomer(id, query);
  }
}
