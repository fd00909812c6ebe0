import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealContactDto, DealContactView } from './deal-contacts.dto.js';
import { DealContactList, DealContactsQueries } from './deal-contacts.queries.js';
import { DealContactsService } from './deal-contacts.service.js';

@Controller('deals/:id/contacts')
@ApiTags('deals')
export class DealContactsController {
  constructor(
    private readonly contacts: DealContactsService,
    private readonly queries: DealContactsQueries,
  ) {}

  @Get()
  @Allow(DealPermissions.read)
  @ApiOperation({ summary: 'Who plays which part in a deal' })
  @ApiList(DealContactList, DealContactView)
  list(@Param('id', UuidPipe) id: string, @Listed(DealContactList) query: ListQuery): Promise<Page<DealContactView>> {
    return this.queries.of(id, query);
  }

  @Put(':customerId')
  @HttpCode(204)
  @Allow(DealPermissions.update)
  @ApiOperation({
    summary: 'Say which part a customer plays in a deal',
    description:
      'Again with another role changes the role. 404 for a customer whom you may not read; 409 `deal_not_open`.',
  })
  join(
    @Param('id', UuidPipe) id: string,
    @Param('customerId', UuidPipe) customerId: string,
    @Body() { role }: DealContactDto,
  ): Promise<void> {
    return this.contacts.join(id, customerId, role);
  }

  @Delete(':customerId')
  @HttpCode(204)
  @Allow(DealPermissions.update)
  @ApiOperation({ summary: 'Say that a customer plays no part in a deal', description: '409 `deal_not_open`.' })
  leave(@Param('id', UuidPipe) id: string, @Param('customerId', UuidPipe) customerId: string): Promise<void> {
    return this.contacts.leave(id, customerId);
  }
}
