import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, MaxLength, ValidateIf } from 'class-validator';

export class ChangePassword {
  /** @example "Nexus-Demo-1" */
  @IsString()
  @Length(1, 512)
  currentPassword: string;

  /**
   * 8 to 128 characters of any kind, none of the common ones.
   * @example "seven green bottles"
   */
  @IsString()
  @Length(1, 512)
  newPassword: string;
}

export class ForgotPassword {
  /**
   * E-mail address. One of `email`, `username` and `identifier` is needed.
   * @example "cso@demo.example"
   */
  @ValidateIf(
    (body: ForgotPassword) =>
      body.email !== undefined || (body.username === undefined && body.identifier === undefined),
  )
  @IsString()
  @Length(1, 254)
  email?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 254)
  username?: string;

  @MayBeAbsent()
  @IsString()
  @Length(1, 254)
  identifier?: string;

  /** The tenant's slug, where several know the name; without it each of them mails a code. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(63)
  tenant?: string;

  /** What the captcha's widget gave out, where captchas are on; each counts once. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 8192)
  captcha?: string;
}

export class ResetPassword {
  /**
   * The code from the mail.
   * @example "wDq8Zr4Tb6Yp1Lm8Hs3Dc5Jf0Gq"
   */
  @IsString()
  @Length(1, 256)
  token: string;

  /** @example "seven green bottles" */
  @IsString()
  @Length(1, 512)
  password: string;
}

export class AcceptedView {
  @ApiProperty({ enum: ['accepted'] })
  status: 'accepted';
}
