import { AllowAuthenticated, InPerson, Limited, NeverStored, Public, StepUp, UuidPipe } from '@app/platform';
import { Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Entrance } from '../sessions/entrance.js';
import { type Caller, From } from '../sessions/origin.js';
import { EntranceView, LoginView, MfaDueView } from '../sessions/sessions.dto.js';
import { BegunHere, BrowserBinding } from './browser-binding.js';
import { SsoChoicesView, SsoStartView, StartSso, WhoSpeaks } from './sso.dto.js';
import { SsoLogin } from './sso-login.service.js';

const AWAY = '`sso_unavailable`: the provider does not answer as it must.';

@ApiTags('auth')
@NeverStored()
@Controller('auth/sso')
export class SsoController {
  constructor(
    private readonly logins: SsoLogin,
    private readonly binding: BrowserBinding,
    private readonly entrance: Entrance,
  ) {}

  @Get()
  @Public()
  @Limited('sso', 60, 60)
  @ApiOperation({
    summary: 'Who speaks for an e-mail address',
    description: 'The identity providers of the domain. It says nothing of whether there is such a person.',
  })
  choices(@Query() { email }: WhoSpeaks): Promise<SsoChoicesView> {
    return this.logins.providersOf(email).then((providers) => ({ providers }));
  }

  @Get(':provider/start')
  @Public()
  @Limited('sso', 60, 60)
  @ApiServiceUnavailableResponse({ description: AWAY })
  @ApiOperation({
    summary: 'Begin a login through an identity provider',
    description:
      'Answers where the browser goes, and sets a cookie that the callback asks for: only the browser that began may finish, within ten minutes, once. ' +
      'A provider lets people through whom it knows: what asks for `step_up_required` opens to a login that was begun with `fresh=true`.',
  })
  start(
    @Param('provider', UuidPipe) provider: string,
    @Query() { fresh }: StartSso,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SsoStartView> {
    return this.logins.start(provider, fresh === 'true').then((away) => this.binding.bind(away, reply));
  }

  @Post(':provider/link')
  @InPerson()
  @HttpCode(200)
  @AllowAuthenticated()
  @StepUp()
  @Limited('sso', 60, 60)
  @ApiForbiddenResponse({ description: '`step_up_required`: show again that it is me.' })
  @ApiServiceUnavailableResponse({ description: AWAY })
  @ApiOperation({
    summary: 'Begin to link my account with an identity',
    description: 'As start; when the browser is back, the identity opens my account. An address alone never does.',
  })
  link(
    @Param('provider', UuidPipe) provider: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SsoStartView> {
    return this.logins.startLink(provider).then((away) => this.binding.bind(away, reply));
  }

  @Get(':provider/callback')
  @Public()
  @Limited('sso', 60, 60)
  @ApiQuery({ name: 'state', type: 'string', description: 'As the provider sends it back.' })
  @ApiQuery({ name: 'code', type: 'string', required: false, description: 'As the provider sends it.' })
  @ApiQuery({ name: 'iss', type: 'string', required: false, description: 'As the provider sends it (RFC 9207).' })
  @ApiOkResponse({
    description: 'Tokens and user; or, where a second factor is due, `mfaRequired`, `mfaToken` and `methods`.',
    type: LoginView,
  })
  @ApiUnauthorizedResponse({ description: '`sso_refused`: forged, used, late, or of another browser. Begin again.' })
  @ApiForbiddenResponse({ description: '`sso_email_unverified`, `sso_domain_refused` or `sso_not_provisioned`.' })
  @ApiConflictResponse({ description: '`sso_account_exists` or `sso_identity_taken`: log in there and link it.' })
  @ApiServiceUnavailableResponse({ description: AWAY })
  @ApiOperation({
    summary: 'Finish a login through an identity provider',
    description: 'With the query as the provider sent it along. The word of a provider stands for the password alone.',
  })
  callback(
    @Param('provider', UuidPipe) provider: string,
    @Query() query: Record<string, string | string[]>,
    @BegunHere() browser: string,
    @From() from: Caller,
  ): Promise<EntranceView | MfaDueView> {
    return this.logins
      .finish(provider, paramsOf(query), browser, from)
      .then((admitted) => this.entrance.tell(admitted));
  }
}

/** What comes twice stays there twice, and is refused for it. */
function paramsOf(query: Record<string, string | string[]>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) for (const value of [values].flat()) params.append(name, value);
  return params;
}
