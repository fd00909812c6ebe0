import { MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches, ValidateIf } from 'class-validator';

export const MFA_METHODS = ['totp', 'passkey', 'recovery_code'] as const;
export type MfaMethod = (typeof MFA_METHODS)[number];

/** How somebody with these can finish a login. */
export function methodsOf({ hasCodes, hasPasskey }: { hasCodes: boolean; hasPasskey: boolean }): MfaMethod[] {
  const factors: MfaMethod[] = [
    ...(hasCodes ? (['totp'] as const) : []),
    ...(hasPasskey ? (['passkey'] as const) : []),
  ];
  return factors.length ? [...factors, 'recovery_code'] : [];
}

/** Authenticators show `123 456`. */
export const withoutSpaces = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' ? value.replace(/\s/g, '') : value;

export const SIX_DIGITS = { message: 'must have six digits' };

export class ConfirmTotp {
  /**
   * What the authenticator shows now.
   * @example "123456"
   */
  @Transform(withoutSpaces)
  @IsString()
  @Matches(/^\d{6}$/, SIX_DIGITS)
  code: string;
}

/** One of the three. */
export class ShowProof {
  /**
   * My password. One of `password`, `code` and `recoveryCode` is needed; the first that is given counts.
   * @example "Nexus-Demo-1"
   */
  @ValidateIf(
    (body: ShowProof) => body.password !== undefined || (body.code === undefined && body.recoveryCode === undefined),
  )
  @IsString()
  @Length(1, 512)
  password?: string;

  /** A code that was not used yet. */
  @MayBeAbsent()
  @Transform(withoutSpaces)
  @IsString()
  @Matches(/^\d{6}$/, SIX_DIGITS)
  code?: string;

  /** One of those that were shown when the factor was confirmed. */
  @MayBeAbsent()
  @IsString()
  @Length(16, 40)
  recoveryCode?: string;
}

export class TotpBegunView {
  /**
   * For typing into an authenticator, in base32.
   * @example "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
   */
  secret: string;
  /**
   * For a QR code.
   * @example "otpauth://totp/Demo%20Travel:cso%40demo.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Demo%20Travel"
   */
  uri: string;
}

export class RecoveryCodesView {
  /**
   * Ten, each of which replaces a code once; none where those of before still count.
   * @example ["k3mz-7qpa-xw2d-rt5u"]
   */
  recoveryCodes: string[];
}

export class MfaView {
  /** Whether a login needs one: codes of an authenticator, or a passkey. */
  isEnrolled: boolean;
  /** Whether a role of mine demands one: until I have it, little else is open. */
  isRequired: boolean;
  /** Since when there are codes of an authenticator. */
  confirmedAt: Date | null;
  /** @example 9 */
  recoveryCodesLeft: number;
  @ApiProperty({ enum: MFA_METHODS, isArray: true, example: ['totp', 'recovery_code'] })
  methods: MfaMethod[];
}

export class StepUpView {
  /** Until then this session may do what needs it. */
  provenUntil: Date;
}
