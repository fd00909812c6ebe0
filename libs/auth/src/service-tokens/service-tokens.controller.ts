import {
  Allow,
  ApiList,
  IfMatch,
  InPerson,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ServiceTokenPermissions } from './service-token.policy.js';
import { CreateServiceToken, IssuedServiceTokenView, ServiceTokenView } from './service-tokens.dto.js';
import { ServiceTokenList, ServiceTokensQueries } from './service-tokens.queries.js';
import { ServiceTokensService } from './service-tokens.service.js';

@ApiTags('auth')
@NeverStored()
@InPerson()
@Controller('service-tokens')
@Allow(ServiceTokenPermissions.manage)
export class ServiceTokensController {
  constructor(
    private readonly tokens: ServiceTokensService,
    private readonly queries: ServiceTokensQueries,
  ) {}

  @Get()
  @ApiList(ServiceTokenList, ServiceTokenView)
  @ApiOperation({
    summary: 'List service tokens',
    description:
      'Also those that are revoked or expired. Never the keys. `createdBy` finds what somebody who leaves has seen.',
  })
  list(@Listed(ServiceTokenList) query: ListQuery): Promise<Page<ServiceTokenView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One service token', description: 'What it may do and when it was last used.' })
  get(@Param('id', UuidPipe) id: string): Promise<ServiceTokenView> {
    return this.queries.view(id);
  }

  @Post()
  @ApiOperation({
    summary: 'Make a service token',
    description: 'The answer shows the key, for `X-API-Key`, this once.',
  })
  create(@Body() { name, grants, expiresAt, allowedFrom }: CreateServiceToken): Promise<IssuedServiceTokenView> {
    return this.tokens
      .issue({ name, grants, expiresAt: expiresAt ?? null, allowedFrom: allowedFrom ?? [] })
      .then(async ({ id, key }) => ({ ...(await this.queries.view(id)), key }));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke a service token', description: 'It is dead when the answer arrives.' })
  revoke(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.tokens.revoke(id, version);
  }
}
