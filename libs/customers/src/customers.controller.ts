import {
  Allow,
  ApiList,
  ApiSearch,
  EvenSuspended,
  IfMatch,
  Listed,
  type ListQuery,
  type Page,
  Searched,
  StepUp,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from './customer-id.js';
import { CUSTOMER_STATUS, CustomerPermissions } from './customer.policy.js';
import {
  AssignCustomer,
  CreateCustomer,
  CustomerInput,
  CustomerView,
  MoveCustomer,
  PatchCustomer,
  RemoveCustomer,
  toDocument,
  toNewCustomer,
  toPatch,
  toView,
  TrashedCustomerView,
} from './customers.dto.js';
import { CustomerList, TrashList } from './customers.list.js';
import { CustomersQueries } from './customers.queries.js';
import { NewcomersService } from './duplicates/newcomers.service.js';
import { CustomersService } from './customers.service.js';

@ApiTags('customers')
@Controller('customers')
export class CustomersController {
  constructor(
    private readonly customers: CustomersService,
    private readonly queries: CustomersQueries,
    private readonly newcomers: NewcomersService,
  ) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiList(CustomerList, CustomerView)
  @ApiOperation({
    summary: 'List customers',
    description:
      '`q` finds by any words of name, company, e-mail address and number; a whole address or number finds whose it is.',
  })
  list(@Listed(CustomerList) query: ListQuery): Promise<Page<CustomerView>> {
    return this.queries.list(query);
  }

  @Post('search')
  @EvenSuspended()
  @HttpCode(200)
  @Allow(CustomerPermissions.read)
  @ApiSearch(CustomerList, CustomerView)
  @ApiOperation({ summary: 'Search customers by a condition tree' })
  search(@Searched(CustomerList) query: ListQuery): Promise<Page<CustomerView>> {
    return this.queries.list(query);
  }

  @Get('trash')
  @Allow(CustomerPermissions.restore)
  @ApiList(TrashList, TrashedCustomerView)
  @ApiOperation({ summary: 'List the trash', description: 'With who put each customer there, when and why.' })
  trash(@Listed(TrashList) query: ListQuery): Promise<Page<TrashedCustomerView>> {
    return this.queries.trash(query);
  }

  @Get(':id')
  @ApiCustomerId()
  @Allow(CustomerPermissions.read)
  @ApiOkResponse({ type: CustomerView })
  @ApiResponse({
    status: 301,
    description: 'The customer was merged into another one, `mergedInto`.',
    headers: { Location: { $ref: '#/components/headers/Location' } },
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  @ApiOperation({
    summary: 'One customer',
    description: 'One that was merged: 301 with `mergedInto`, and the way there as `Location`.',
  })
  get(@Param('id', UuidPipe) id: string): Promise<CustomerView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(CustomerPermissions.create)
  @ApiOperation({
    summary: 'Create a customer',
    description:
      'An e-mail address that another customer has: 409 `email_taken`, with `existingId` if you may read that one. ' +
      'One who is probably there already, where the duplicate rules refuse that: 409 `likely_duplicate`.',
  })
  create(@Body() body: CreateCustomer): Promise<CustomerView> {
    return this.newcomers.create(toNewCustomer(body)).then(toView);
  }

  @Put(':id')
  @ApiCustomerId()
  @Allow(CustomerPermissions.update)
  @ApiOperation({
    summary: 'Replace the editable document',
    description: 'What is absent is emptied. For a part, use PATCH.',
  })
  replace(
    @Param('id', UuidPipe) id: string,
    @Body() body: CustomerInput,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.customers.replace(id, toDocument(body), version).then(toView);
  }

  @Patch(':id')
  @ApiCustomerId()
  @Allow(CustomerPermissions.update)
  @ApiOperation({
    summary: 'Change a part',
    description: 'JSON Merge Patch (RFC 7396): what is absent stays, what is null goes.',
  })
  patch(
    @Param('id', UuidPipe) id: string,
    @Body() body: PatchCustomer,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.customers.patch(id, toPatch(body), version).then(toView);
  }

  @Post(':id/status')
  @ApiCustomerId()
  @HttpCode(200)
  @Allow(CustomerPermissions.update)
  @ApiOperation({
    summary: 'Move to another status',
    description: `What is not listed is 409 \`invalid_transition\`.\n\n\`\`\`mermaid\n${CUSTOMER_STATUS.toMermaid()}\n\`\`\``,
  })
  move(
    @Param('id', UuidPipe) id: string,
    @Body() body: MoveCustomer,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.customers.moveTo(id, body.status, body.reason || null, version).then(toView);
  }

  @Patch(':id/status')
  @ApiCustomerId()
  @Allow(CustomerPermissions.update)
  @ApiOperation({ summary: 'Move to another status', description: 'The same as POST.' })
  patchStatus(
    @Param('id', UuidPipe) id: string,
    @Body() body: MoveCustomer,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.move(id, body, version);
  }

  @Post(':id/assign')
  @ApiCustomerId()
  @HttpCode(200)
  @Allow(CustomerPermissions.assign)
  @ApiOperation({
    summary: 'Give the customer to a colleague, or to nobody',
    description: 'The user must exist and be active.',
  })
  assign(
    @Param('id', UuidPipe) id: string,
    @Body() body: AssignCustomer,
    @IfMatch() version?: number,
  ): Promise<CustomerView> {
    return this.customers.assign(id, body.userId, version).then(toView);
  }

  @Delete(':id')
  @ApiCustomerId()
  @HttpCode(204)
  @Allow(CustomerPermissions.delete)
  @StepUp(({ permanent }) => permanent !== undefined && permanent !== 'false')
  @ApiOperation({
    summary: 'Put into the trash, or delete for good',
    description:
      'With `permanent=true` what is in the trash goes for good; that needs `customers:purge` as well, ' +
      'and a second factor or password shown in the last ten minutes: else 403 `step_up_required`.',
  })
  async remove(
    @Param('id', UuidPipe) id: string,
    @Query() { permanent, reason }: RemoveCustomer,
    @IfMatch() version?: number,
  ): Promise<void> {
    await (permanent === 'true'
      ? this.customers.purge(id, version)
      : this.customers.trash(id, reason || null, version));
  }

  @Post(':id/restore')
  @ApiCustomerId()
  @HttpCode(200)
  @Allow(CustomerPermissions.restore)
  @ApiOperation({
    summary: 'Take out of the trash',
    description: '409 `email_taken` when another customer has the address by now.',
  })
  restore(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<CustomerView> {
    return this.customers.restore(id, version).then(toView);
  }
}
