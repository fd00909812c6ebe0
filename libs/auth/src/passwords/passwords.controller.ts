import { AllowAuthenticated, InPerson, Limited, NeverStored, Public } from '@app/platform';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CaptchaService } from '../captcha/captcha.service.js';
import { Entrance } from '../sessions/entrance.js';
import { type Caller, From } from '../sessions/origin.js';
import { EntranceView } from '../sessions/sessions.dto.js';
import { AcceptedView, ChangePassword, ForgotPassword, ResetPassword } from './passwords.dto.js';
import { PasswordResets } from './password-resets.service.js';
import { PasswordsService } from './passwords.service.js';

@ApiTags('auth')
@NeverStored()
@Controller('auth/password')
export class PasswordsController {
  constructor(
    private readonly passwords: PasswordsService,
    private readonly resets: PasswordResets,
    private readonly entrance: Entrance,
    private readonly captchas: CaptchaService,
  ) {}

  @Post('change')
  @InPerson()
  @HttpCode(200)
  @AllowAuthenticated({ evenRestricted: true })
  @Limited('password-change', 10, 900)
  @ApiOperation({
    summary: 'Choose another password',
    description: 'Ends every session, this one too, and answers the tokens of a new one.',
  })
  change(@Body() body: ChangePassword, @From() from: Caller): Promise<EntranceView> {
    return this.passwords
      .change(body.currentPassword, body.newPassword)
      .then((person) => this.entrance.admit(person, from));
  }

  @Post('forgot')
  @HttpCode(202)
  @Public()
  @Limited('password-forgot', 10, 900)
  @ApiOperation({
    summary: 'Have a reset code mailed',
    description:
      'The answer is the same, and as fast, for names that nobody has. Where captchas are on, it needs one: 428 `captcha_required`.',
  })
  async forgot(@Body() body: ForgotPassword, @From() from: Caller): Promise<AcceptedView> {
    const { email, username, identifier, tenant, captcha } = body;
    await this.captchas.assertShown(captcha, from);
    await this.resets.forgot(identifier ?? email ?? username ?? '', tenant);
    return { status: 'accepted' };
  }

  @Post('reset')
  @HttpCode(204)
  @Public()
  @Limited('password-reset', 20, 900)
  @ApiOperation({
    summary: 'Choose a new password with a mailed code',
    description: 'The code works once, for 30 minutes. Every session of its owner ends.',
  })
  reset(@Body() body: ResetPassword): Promise<void> {
    return this.resets.reset(body.token, body.password);
  }
}
