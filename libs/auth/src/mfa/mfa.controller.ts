import { AllowAuthenticated, InPerson, Limited, NeverStored, StepUp } from '@app/platform';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { type Caller, From } from '../sessions/origin.js';
import { ConfirmTotp, MfaView, RecoveryCodesView, ShowProof, TotpBegunView } from './mfa.dto.js';
import { MfaQueries } from './mfa.queries.js';
import { FactorRemoval } from './factor-removal.service.js';
import { MfaService } from './mfa.service.js';
import { RecoveryCodeReissue } from './recovery-code-reissue.service.js';

@ApiTags('auth')
@NeverStored()
@InPerson()
@Controller('auth/mfa')
export class MfaController {
  constructor(
    private readonly mfa: MfaService,
    private readonly removal: FactorRemoval,
    private readonly reissue: RecoveryCodeReissue,
    private readonly queries: MfaQueries,
  ) {}

  @Get()
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @ApiOperation({
    summary: 'My second factor',
    description: 'Whether I have one, since when, and how many recovery codes are left.',
  })
  mine(): Promise<MfaView> {
    return this.queries.mine();
  }

  @Post('totp')
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @StepUp()
  @Limited('mfa-totp', 20, 900)
  @ApiForbiddenResponse({ description: '`step_up_required`: a stolen session must not lock its owner out.' })
  @ApiConflictResponse({ description: '`mfa_already_enrolled`: remove it first.' })
  @ApiOperation({
    summary: 'Begin to set up one-time codes',
    description:
      'Answers a secret for an authenticator (RFC 6238: SHA-1, six digits, 30 seconds), this once. Nothing changes until a code of it is confirmed.',
  })
  begin(): Promise<TotpBegunView> {
    return this.mfa.begin();
  }

  @Post('totp/confirm')
  @HttpCode(200)
  @AllowAuthenticated({ evenRestricted: 'mfa_enrolment_required' })
  @Limited('mfa-totp', 20, 900)
  @ApiBadRequestResponse({ description: '`mfa_code_refused`: the code is not of this secret and this time.' })
  @ApiNotFoundResponse({ description: '`mfa_not_enrolled`: nothing was begun.' })
  @ApiOperation({
    summary: 'Confirm one-time codes',
    description:
      'From now on a login needs a code. Answers ten recovery codes, this once, and ends all of my other sessions.',
  })
  confirm(@Body() { code }: ConfirmTotp): Promise<RecoveryCodesView> {
    return this.mfa.confirm(code).then((recoveryCodes) => ({ recoveryCodes }));
  }

  @Post('totp/remove')
  @HttpCode(204)
  @AllowAuthenticated()
  @Limited('mfa-remove', 10, 900)
  @ApiBadRequestResponse({ description: '`mfa_code_refused`: wrong, of another time, or used before.' })
  @ApiNotFoundResponse({ description: '`mfa_not_enrolled`: there is none.' })
  @ApiUnprocessableEntityResponse({ description: '`mfa_code_needed`: the password is not enough.' })
  @ApiOperation({
    summary: 'Remove my second factor',
    description:
      'Needs a code that was not used yet, or a recovery code; the password is not enough. The recovery codes go with it. Wrong tries are slowed down as logins are. Whoever lost both asks somebody with `users:reset-mfa`.',
  })
  remove(@Body() body: ShowProof, @From() from: Caller): Promise<void> {
    return this.removal.remove(body, from);
  }

  @Post('recovery-codes')
  @HttpCode(200)
  @AllowAuthenticated()
  @StepUp()
  @Limited('mfa-recovery-codes', 10, 900)
  @ApiForbiddenResponse({ description: '`step_up_required`: show again that it is me.' })
  @ApiNotFoundResponse({ description: '`mfa_not_enrolled`: there is no second factor.' })
  @ApiOperation({
    summary: 'Have new recovery codes',
    description: 'Ten, shown this once. The former ones, used or not, are worth nothing from now on.',
  })
  reissueCodes(): Promise<RecoveryCodesView> {
    return this.reissue.reissue().then((recoveryCodes) => ({ recoveryCodes }));
  }
}
