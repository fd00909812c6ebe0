import { Allow, ApiList, Listed, type ListQuery, type Page, UuidPipe } from '@app/platform';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { ConsentView, RecordConsent, toConsentView, toStatement } from './consents.dto.js';
import { ConsentList, ConsentsService } from './consents.service.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/consents')
export class ConsentsController {
  constructor(private readonly consents: ConsentsService) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiList(ConsentList, ConsentView)
  @ApiOperation({
    summary: 'What a customer agreed to and withdrew',
    description: 'The latest of a channel and purpose holds.',
  })
  list(@Param('id', UuidPipe) id: string, @Listed(ConsentList) query: ListQuery): Promise<Page<ConsentView>> {
    return this.consents.list(id, query);
  }

  @Post()
  @Allow(CustomerPermissions.update)
  @ApiOperation({
    summary: 'Record a consent or its withdrawal',
    description: 'Nothing that was recorded is ever changed.',
  })
  record(@Param('id', UuidPipe) id: string, @Body() body: RecordConsent): Promise<ConsentView> {
    return this.consents.record(id, toStatement(body)).then(toConsentView);
  }
}
