import { AllowAuthenticated } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { InquiryBulkAnswer, InquiryBulkRequest } from './bulk.dto.js';
import { InquiriesBulkService } from './bulk.service.js';

@ApiTags('inquiries')
@Controller('inquiries/bulk')
export class InquiriesBulkController {
  constructor(private readonly bulk: InquiriesBulkService) {}

  @Post()
  @HttpCode(200)
  @AllowAuthenticated()
  @ApiOperation({
    summary: 'Up to 100 operations on inquiries, with a result for each',
    description: 'Each is done or refused by itself, in order, and needs the permission of its own route.',
  })
  run(@Body() { operations }: InquiryBulkRequest): Promise<InquiryBulkAnswer> {
    return this.bulk.run(operations);
  }
}
