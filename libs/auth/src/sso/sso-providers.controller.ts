import {
  Allow,
  ApiList,
  IfMatch,
  InPerson,
  Limited,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  StepUp,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiOperation,
  ApiParam,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { SsoDomainsService } from './sso-domains.service.js';
import { SsoPermissions } from './sso.policy.js';
import { EditSsoProvider, SsoProviderDocument, SsoProviderView } from './sso-providers.dto.js';
import { SsoProviderList, SsoProvidersQueries } from './sso-providers.queries.js';
import { SsoProvidersService } from './sso-providers.service.js';

const FORBIDDEN =
  '`exceeds_own_grants`: its roles grant more than I hold. `step_up_required`: show again that it is me.';
const TAKEN = '`sso_domain_taken` or `sso_provider_exists`.';
const LOCKED_OUT =
  '`break_glass_missing`: while it is required, an administrator must be able to come in without it. `sso_required_unproven`: it can be required once one of its domains is proven.';

@ApiTags('auth')
@NeverStored()
@InPerson()
@Controller('sso-providers')
export class SsoProvidersController {
  constructor(
    private readonly providers: SsoProvidersService,
    private readonly queries: SsoProvidersQueries,
    private readonly domains: SsoDomainsService,
  ) {}

  @Get()
  @Allow(SsoPermissions.read)
  @ApiList(SsoProviderList, SsoProviderView)
  @ApiOperation({ summary: 'List identity providers', description: 'Those that vouch for people of my tenant.' })
  list(@Listed(SsoProviderList) query: ListQuery): Promise<Page<SsoProviderView>> {
    return this.queries.list(query);
  }

  @Get(':id')
  @Allow(SsoPermissions.read)
  @ApiOperation({ summary: 'One identity provider', description: 'Its client secret is never shown.' })
  get(@Param('id', UuidPipe) id: string): Promise<SsoProviderView> {
    return this.queries.view(id);
  }

  @Post()
  @Allow(SsoPermissions.manage)
  @StepUp()
  @ApiBadRequestResponse({ description: '`sso_address_invalid` names the address.' })
  @ApiForbiddenResponse({ description: FORBIDDEN })
  @ApiConflictResponse({ description: TAKEN })
  @ApiUnprocessableEntityResponse({ description: LOCKED_OUT })
  @ApiOperation({
    summary: 'Set up an identity provider',
    description:
      'OpenID Connect with the authorization code flow and PKCE. Register `<PUBLIC_URL>/api/v1/auth/sso/<id>/callback` there, or `redirectUri`. ' +
      'People are known by issuer and subject, never by their address alone; whoever comes for the first time with a verified address of `domains`, once these are proven, gets an account with `roles`.',
  })
  register(@Body() body: SsoProviderDocument): Promise<SsoProviderView> {
    return this.providers.register(settingsOf(body), body).then((id) => this.queries.view(id));
  }

  @Patch(':id')
  @Allow(SsoPermissions.manage)
  @StepUp()
  @ApiBadRequestResponse({ description: '`sso_address_invalid` names the address.' })
  @ApiForbiddenResponse({ description: FORBIDDEN })
  @ApiConflictResponse({ description: TAKEN })
  @ApiUnprocessableEntityResponse({ description: LOCKED_OUT })
  @ApiOperation({ summary: 'Change an identity provider', description: 'What is absent stays as it is.' })
  edit(
    @Param('id', UuidPipe) id: string,
    @Body() body: EditSsoProvider,
    @IfMatch() version?: number,
  ): Promise<SsoProviderView> {
    return this.providers.edit(id, version, body).then(() => this.queries.view(id));
  }

  @Post(':id/domains/:domain/verify')
  @HttpCode(200)
  @Allow(SsoPermissions.manage)
  @StepUp()
  @Limited('sso-domain', 30, 600)
  @ApiParam({ name: 'domain', description: 'A domain that it claims.', type: String, example: 'directory.example' })
  @ApiForbiddenResponse({ description: FORBIDDEN })
  @ApiConflictResponse({ description: '`sso_domain_taken`: another tenant has proven it.' })
  @ApiUnprocessableEntityResponse({
    description: '`sso_domain_unproven`: the DNS says nothing of it, or something else.',
  })
  @ApiServiceUnavailableResponse({ description: '`dns_unavailable`: no DNS server answers.' })
  @ApiOperation({
    summary: 'Prove a domain',
    description:
      'Put the `recordValue` of `domainClaims` into a TXT record under `recordName`, then ask for this. From then on logins of its addresses are sent to ' +
      'this provider, newcomers get an account, and no other tenant can prove it. Proven already: nothing changes.',
  })
  verify(@Param('id', UuidPipe) id: string, @Param('domain') domain: string): Promise<SsoProviderView> {
    return this.domains.verify(id, domain.toLowerCase()).then(() => this.queries.view(id));
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow(SsoPermissions.manage)
  @StepUp()
  @ApiForbiddenResponse({ description: FORBIDDEN })
  @ApiOperation({
    summary: 'Remove an identity provider',
    description: 'With the identities that it vouched for. The accounts stay; their sessions go on until they end.',
  })
  remove(@Param('id', UuidPipe) id: string, @IfMatch() version?: number): Promise<void> {
    return this.providers.remove(id, version);
  }
}

const settingsOf = ({ name, issuer, clientId, ...given }: SsoProviderDocument) => ({
  name,
  issuer,
  clientId,
  scopes: given.scopes ?? 'openid email profile',
  redirectUri: given.redirectUri ?? null,
  isEnabled: given.isEnabled ?? true,
  isRequired: given.isRequired ?? false,
  provisions: given.provisions ?? true,
});
