import { Allow, IfMatch, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CustomerPermissions } from '../customer.policy.js';
import { CustomerList } from '../customers.list.js';
import { CustomersQueries } from '../customers.queries.js';
import { CustomersService } from '../customers.service.js';
import { NewcomersService } from '../duplicates/newcomers.service.js';
import {
  type ContactView,
  CreateContact,
  toContact,
  toContactPatch,
  toNewContact,
  UpdateContact,
} from './contacts.dto.js';

/** The customers as ClientForge's clients ask for them: the same rows by the same rules, in its shape. */
@ApiExcludeController()
@Controller('contacts')
export class ContactsController {
  constructor(
    private readonly customers: CustomersService,
    private readonly queries: CustomersQueries,
    private readonly newcomers: NewcomersService,
  ) {}

  @Get()
  @Allow(CustomerPermissions.read)
  list(@Listed(CustomerList) query: ListQuery): Promise<Page<ContactView>> {
    return this.queries.list(query).then(({ data, meta }) => ({ data: data.map(toContact), meta }));
  }

  @Get(':id')
  @Allow(CustomerPermissions.read)
  get(@Param('id', UuidPipe) id: string): Promise<ContactView> {
    return this.queries.view(id).then(toContact);
  }

  @Post()
  @Allow(CustomerPermissions.create)
  create(@Body() body: CreateContact): Promise<ContactView> {
    return this.newcomers.create(toNewContact(body)).then(toContact);
  }

  @Put(':id')
  @Allow(CustomerPermissions.update)
  update(
    @Param('id', UuidPipe) id: string,
    @Body() body: UpdateContact,
    @IfMatch() version?: number,
  ): Promise<ContactView> {
    return this.customers.patch(id, toContactPatch(body), version).then(toContact);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(CustomerPermissions.delete)
  async remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    await this.customers.trash(id, null, version);
  }
}
