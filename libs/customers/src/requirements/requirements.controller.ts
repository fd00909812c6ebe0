import { Allow, IfMatch } from '@app/platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CustomerPermissions } from '../customer.policy.js';
import {
  StatusRequirementsDto,
  StatusRequirementsView,
  toRequirements,
  toRequirementsView,
} from './requirements.dto.js';
import { StatusRequirementsService } from './status-requirements.service.js';

@ApiTags('customers')
@Controller('customers/status-requirements')
export class RequirementsController {
  constructor(private readonly requirements: StatusRequirementsService) {}

  @Get()
  @Allow(CustomerPermissions.read)
  @ApiOperation({ summary: 'What customers must have to come into a status' })
  show(): Promise<StatusRequirementsView> {
    return this.requirements.current().then(toRequirementsView);
  }

  @Put()
  @Allow(CustomerPermissions.manageRequirements)
  @ApiOperation({
    summary: 'Say what customers must have to come into a status',
    description:
      'Fields, consents that hold and files on the record. Whoever lacks any of it is refused with 422 ' +
      '`requirements_missing`, which names all that is missing, by whatever way: one by one, in bulk, from a file, and as a ' +
      'new record. Who stands in the status already stays there. A lead is never refused: who writes becomes one.',
  })
  set(@Body() body: StatusRequirementsDto, @IfMatch() version?: number): Promise<StatusRequirementsView> {
    return this.requirements.replace(toRequirements(body), version).then(toRequirementsView);
  }
}
