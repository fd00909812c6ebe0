import { Allow, IfMatch, UuidPipe, Writes } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiCustomerId } from '../customer-id.js';
import { CustomerPermissions } from '../customer.policy.js';
import { ContactPointsService } from './contact-points.service.js';
import { CreateContactPoint, EditContactPoint, VersionedContactPointView } from './contact-points.dto.js';

@ApiTags('customers')
@ApiCustomerId()
@Controller('customers/:id/contact-points')
export class ContactPointsController {
  constructor(private readonly points: ContactPointsService) {}

  @Get(':pointId')
  @Allow(CustomerPermissions.read)
  @ApiOperation({ summary: 'One contact point', description: 'All of them stand in the customer.' })
  get(
    @Param('id', UuidPipe) id: string,
    @Param('pointId', UuidPipe) pointId: string,
  ): Promise<VersionedContactPointView> {
    return this.points.view(id, pointId);
  }

  @Post()
  @Allow(CustomerPermissions.update)
  @Writes('customers', 'email', 'phone')
  @ApiOperation({
    summary: 'Add an e-mail address or phone number',
    description: 'The first of its kind becomes the primary one.',
  })
  add(
    @Param('id', UuidPipe) id: string,
    @Body() body: CreateContactPoint,
    @IfMatch() version?: number,
  ): Promise<VersionedContactPointView> {
    return this.points.add(id, body, version);
  }

  @Patch(':pointId')
  @Allow(CustomerPermissions.update)
  @Writes('customers', 'email', 'phone')
  @ApiOperation({
    summary: 'Change a contact point',
    description: 'Correct it, label it, verify it, opt it out, or make it the primary one.',
  })
  edit(
    @Param('id', UuidPipe) id: string,
    @Param('pointId', UuidPipe) pointId: string,
    @Body() body: EditContactPoint,
    @IfMatch() version?: number,
  ): Promise<VersionedContactPointView> {
    return this.points.edit(id, pointId, body, version);
  }

  @Delete(':pointId')
  @HttpCode(204)
  @Allow(CustomerPermissions.update)
  @Writes('customers', 'email', 'phone')
  @ApiOperation({
    summary: 'Remove a contact point',
    description: 'After the primary one, the oldest of its kind takes its place.',
  })
  remove(
    @Param('id', UuidPipe) id: string,
    @Param('pointId', UuidPipe) pointId: string,
    @IfMatch() version?: number,
  ): Promise<void> {
    return this.points.remove(id, pointId, version);
  }
}
