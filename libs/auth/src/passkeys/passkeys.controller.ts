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
  StepUp,
  UuidPipe,
} from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { StepUpView } from '../mfa/mfa.dto.js';
import { Entrance } from '../sessions/entrance.js';
import { type Caller, From } from '../sessions/origin.js';
import { EntranceView } from '../sessions/sessions.dto.js';
import { PasskeyEnrolment } from './passkey-enrolment.service.js';
import { PasskeyLogin } from './passkey-login.service.js';
import {
  AddPasskey,
  LoginPasskey,
  PasskeyAddedView,
  PasskeyOptionsView,
  PasskeyView,
  ShowPasskey,
} from './passkeys.dto.js';
import { PasskeyProofs } from './passkey-proofs.js';
import { PasskeyList, PasskeysQueries } from './passkeys.queries.js';

const STALE = '`step_up_required`: a stolen session must not add or remove one.';

@ApiTags('auth')
@NeverStored()
@InPerson()
@Controller('auth')
export class PasskeysController {
  constructor(
    private readonly enrolment: PasskeyEnrolment,
    private readonly proofs: PasskeyProofs,
    private readonly logins: PasskeyLogin,
    private readonly queries: PasskeysQueries,
    private readonly entrance: Entrance,
  ) {}

  @Get('passkeys')
  @AllowAuthenticated()
  @ApiList(PasskeyList, PasskeyView)
  @ApiOperation({ summary: 'My passkeys', description: 'The oldest first.' })
  list(@Listed(PasskeyList) query: ListQuery): Promise<Page<PasskeyView>> {
    return this.queries.mine(query);
  }

  @Post('passkeys/options')
  @HttpCode(200)
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @StepUp()
  @Limited('passkeys', 20, 900)
  @ApiForbiddenResponse({ description: STALE })
  @ApiOperation({
    summary: 'Begin to add a passkey',
    description:
      'Answers what the page hands to `navigator.credentials.create`. It counts in this session, for five minutes.',
  })
  begin(): Promise<PasskeyOptionsView> {
    return this.enrolment.begin().then((publicKey) => ({ challenge: publicKey.challenge, publicKey }));
  }

  @Post('passkeys')
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @StepUp()
  @Limited('passkeys', 20, 900)
  @ApiForbiddenResponse({ description: STALE })
  @ApiConflictResponse({ description: '`passkey_exists`: it is in use already.' })
  @ApiUnprocessableEntityResponse({ description: '`passkey_not_added`: it does not fit what was asked.' })
  @ApiOperation({
    summary: 'Add a passkey',
    description:
      'It is a second factor, and a login of its own. The device must ask for a PIN, a finger or a face. ' +
      'Answers ten recovery codes, this once, and ends all of my other sessions.',
  })
  add(@Body() { name, credential }: AddPasskey): Promise<PasskeyAddedView> {
    return this.enrolment.add(name, credential);
  }

  @Delete('passkeys/:id')
  @HttpCode(204)
  @AllowAuthenticated()
  @StepUp()
  @ApiForbiddenResponse({ description: STALE })
  @ApiOperation({
    summary: 'Remove one of my passkeys',
    description: 'With the last factor the recovery codes go too.',
  })
  remove(@Param('id', UuidPipe) id: string): Promise<void> {
    return this.enrolment.remove(id);
  }

  @Post('login/passkey/options')
  @HttpCode(200)
  @Public()
  @Limited('login', 20, 60)
  @ApiOperation({
    summary: 'Begin a login by passkey',
    description:
      'For a step-up too. Answers what the page hands to `navigator.credentials.get`; it counts once, for five minutes.',
  })
  beginLogin(): Promise<PasskeyOptionsView> {
    return this.proofs.begin().then((publicKey) => ({ challenge: publicKey.challenge, publicKey }));
  }

  @Post('login/passkey')
  @HttpCode(200)
  @Public()
  @Limited('login', 20, 60)
  @ApiUnauthorizedResponse({
    description: '`passkey_refused`: unknown, of another page or challenge, without PIN or finger, or a copy.',
  })
  @ApiOperation({
    summary: 'Log in by passkey',
    description: 'Needs no name, no password and no code: the device and what opens it are two factors.',
  })
  login(@Body() { credential, deviceToken }: LoginPasskey, @From() from: Caller): Promise<EntranceView> {
    return this.logins.login(credential, { ...from, deviceToken }).then((admitted) => this.entrance.enter(admitted));
  }

  @Post('step-up/passkey')
  @EvenSuspended()
  @HttpCode(200)
  @AllowAuthenticated()
  @Limited('step-up', 20, 900)
  @ApiUnprocessableEntityResponse({ description: '`passkey_refused`: not one of mine, or not of this challenge.' })
  @ApiOperation({
    summary: 'Show again that it is me, by passkey',
    description: 'As POST /auth/step-up, with what was signed for the challenge of POST /auth/login/passkey/options.',
  })
  stepUp(@Body() { credential }: ShowPasskey, @From() from: Caller): Promise<StepUpView> {
    return this.logins.stepUp(credential, from).then((provenUntil) => ({ provenUntil }));
  }
}
