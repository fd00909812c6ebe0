import { AllowAuthenticated } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { BulkAnswer, BulkRequest } from './bulk.dto.js';
import { BulkService } from './bulk.service.js';

@ApiTags('customers')
@Controller('customers/bulk')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  @Post()
  @HttpCode(200)
  @AllowAuthenticated()
  @ApiOperation({
    summary: 'Up to 500 operations, with a result for each',
    description: 'Each is done or refused by itself, in order, and needs the permission of its own route.',
  })
  run(@Body() { operations }: BulkRequest): Promise<BulkAnswer> {
    return this.bulk.run(operations);
  }
}
