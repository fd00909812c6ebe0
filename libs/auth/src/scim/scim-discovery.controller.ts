import { Allow, Config, KeyAsBearer } from '@app/platform';
import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ScimNotFound } from './scim.errors.js';
import { ApiScim } from './api-scim.js';
import { ScimPermissions } from './scim.policy.js';
import { configOf, resourceTypesOf, schemasOf } from './scim-discovery.js';
import { SCIM_TYPE } from './scim-names.js';
import { listOf } from './scim-resources.js';

const ANY = { schema: { type: 'object', additionalProperties: true } };

/** What the server can, as RFC 7644, section 4, has it asked. */
@ApiTags('auth')
@KeyAsBearer()
@ApiScim()
@Allow(ScimPermissions.provision)
@Controller('scim/v2')
export class ScimDiscoveryController {
  constructor(private readonly config: Config) {}

  @Get('ServiceProviderConfig')
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ description: 'What is supported.', ...ANY })
  @ApiOperation({ summary: 'What SCIM can do here', description: 'PATCH and filters; no bulk, sorting or passwords.' })
  serviceProviderConfig(): object {
    return configOf(this.config.PUBLIC_URL);
  }

  @Get('ResourceTypes')
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ description: 'The types.', ...ANY })
  @ApiOperation({ summary: 'What there is by SCIM', description: 'Users and groups.' })
  resourceTypes(): object {
    return wholeOf(resourceTypesOf(this.config.PUBLIC_URL));
  }

  @Get('ResourceTypes/:name')
  @Header('content-type', SCIM_TYPE)
  @ApiParam({ name: 'name', enum: ['User', 'Group'], example: 'User' })
  @ApiOkResponse({ description: 'The type.', ...ANY })
  @ApiOperation({ summary: 'One type of SCIM', description: 'Where its resources are and what they look like.' })
  resourceType(@Param('name') name: string): object {
    return oneOf(resourceTypesOf(this.config.PUBLIC_URL), name);
  }

  @Get('Schemas')
  @Header('content-type', SCIM_TYPE)
  @ApiOkResponse({ description: 'The schemas.', ...ANY })
  @ApiOperation({
    summary: 'What SCIM resources look like',
    description: 'The attributes that are kept, of users and groups.',
  })
  schemas(): object {
    return wholeOf(schemasOf(this.config.PUBLIC_URL));
  }

  @Get('Schemas/:name')
  @Header('content-type', SCIM_TYPE)
  @ApiParam({ name: 'name', example: 'urn:ietf:params:scim:schemas:core:2.0:User' })
  @ApiOkResponse({ description: 'The schema.', ...ANY })
  @ApiOperation({ summary: 'One schema of SCIM', description: 'By its URN.' })
  schema(@Param('name') name: string): object {
    return oneOf(schemasOf(this.config.PUBLIC_URL), name);
  }
}

const wholeOf = (resources: object[]): object =>
  listOf(resources, resources.length, { offset: 0, limit: resources.length });

function oneOf(all: { id: string }[], id: string): object {
  const found = all.find((one) => one.id === id);
  if (!found) throw new ScimNotFound('ResourceType', id);
  return found;
}
