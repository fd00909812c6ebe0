import {
  AllowAuthenticated,
  ApiList,
  EvenSuspended,
  InPerson,
  Limited,
  Listed,
  type ListQuery,
  NeverStored,
  type Page,
  Public,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { Entrance } from './entrance.js';
import { type Caller, From } from './origin.js';
import {
  EntranceView,
  Login,
  LoginMfa,
  LoginView,
  MeView,
  MfaDueView,
  PermissionsView,
  Refresh,
  SessionView,
  TokensView,
} from './sessions.dto.js';
import { SessionList, SessionsQueries } from './sessions.queries.js';

@ApiTags('auth')
@NeverStored()
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly entrance: Entrance,
    private readonly queries: SessionsQueries,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @Limited('login', 20, 60)
  @ApiOkResponse({
    description: 'Tokens and user; or, where a second factor is due, `mfaRequired`, `mfaToken` and `methods`.',
    type: LoginView,
  })
  @ApiUnauthorizedResponse({ description: 'Nobody has this name with this password.' })
  @ApiOperation({
    summary: 'Log in by e-mail address or username',
    description:
      'The access token lives 15 minutes, the refresh token 7 days and is replaced with each use. Wrong name and wrong password get the same answer; ' +
      'after several failures the answer is 429 with `Retry-After`. `tenant_required` tells a caller with a right password that several tenants know the name. ' +
      'Where captchas are on, 428 `captcha_required` asks for one in `captcha` after three failures. ' +
      'Who has a second factor gets `mfaRequired` and an `mfaToken` instead, unless `otp` brought the code along.',
  })
  login(@Body() body: Login, @From() from: Caller): Promise<EntranceView | MfaDueView> {
    return this.entrance.login(body, from);
  }

  @Post('login/mfa')
  @HttpCode(200)
  @Public()
  @Limited('login', 20, 60)
  @ApiUnauthorizedResponse({
    description: '`mfa_code_refused`: a wrong or used code. `mfa_challenge_over`: log in again.',
  })
  @ApiOperation({
    summary: 'Finish a login with the second factor',
    description:
      'With the `mfaToken` that login answered, and a code of the authenticator or a recovery code. Each code counts once. ' +
      'After five wrong ones the token is dead, and wrong ones are slowed down as wrong passwords are.',
  })
  loginMfa(@Body() body: LoginMfa, @From() from: Caller): Promise<EntranceView> {
    return this.entrance.loginMfa(body, from);
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @Limited('refresh', 60, 60)
  @ApiUnauthorizedResponse({ description: 'The refresh token is unknown, used or expired.' })
  @ApiOperation({
    summary: 'Exchange a refresh token for new tokens',
    description:
      'A refresh token is used once. The same one again within 10 seconds gets the same successor (two tabs, a lost answer); later, its whole session ends.',
  })
  refresh(@Body() body: Refresh): Promise<TokensView> {
    return this.entrance.refresh(body.refreshToken);
  }

  @Post('logout')
  @EvenSuspended()
  @HttpCode(204)
  @AllowAuthenticated({ evenRestricted: true })
  @ApiOperation({
    summary: 'End this session',
    description: 'Its access and refresh tokens are dead when the answer arrives.',
  })
  logout(): Promise<void> {
    return this.entrance.logout();
  }

  @Post('logout-all')
  @InPerson()
  @EvenSuspended()
  @HttpCode(204)
  @AllowAuthenticated({ evenRestricted: true })
  @ApiOperation({ summary: 'End all of my sessions', description: 'On every device, this one included.' })
  logoutAll(): Promise<void> {
    return this.entrance.logoutAll();
  }

  @Get('sessions')
  @AllowAuthenticated()
  @ApiList(SessionList, SessionView)
  @ApiOperation({
    summary: 'My open sessions',
    description: 'One for each device where I am logged in, the newest first.',
  })
  sessions(@Listed(SessionList) query: ListQuery): Promise<Page<SessionView>> {
    return this.queries.mine(query);
  }

  @Delete('sessions/:id')
  @InPerson()
  @EvenSuspended()
  @HttpCode(204)
  @AllowAuthenticated()
  @ApiOperation({ summary: 'End one of my sessions', description: 'For a device that was lost or left logged in.' })
  endSession(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.entrance.end(id);
  }

  @Get('me')
  @AllowAuthenticated({ evenRestricted: true })
  @ApiOperation({ summary: 'Who I am', description: 'My record, my roles and teams, what they permit, and my tenant.' })
  me(): Promise<MeView> {
    return this.queries.me();
  }

  @Get('permissions')
  @AllowAuthenticated({ evenRestricted: true })
  @ApiOperation({
    summary: 'What I may do, and all there is',
    description: 'My grants and the catalogue of permissions that the loaded contexts declare.',
  })
  permissions(): PermissionsView {
    return this.queries.permissions();
  }
}
