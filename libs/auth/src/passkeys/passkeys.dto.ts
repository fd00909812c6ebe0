import { MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { IsObject, IsString, Length } from 'class-validator';

const OPEN = { type: 'object', additionalProperties: true } as const;
const CREDENTIAL = { id: 'q1w2e3', rawId: 'q1w2e3', type: 'public-key', clientExtensionResults: {} };

export class AddPasskey {
  /** @example "My phone" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /** What `navigator.credentials.create` answered, as `toJSON` writes it. */
  @ApiProperty({ ...OPEN, example: { ...CREDENTIAL, response: { clientDataJSON: 'e30', attestationObject: 'oA' } } })
  @IsObject()
  credential: RegistrationResponseJSON;
}

export class ShowPasskey {
  /** What `navigator.credentials.get` answered, as `toJSON` writes it. */
  @ApiProperty({
    ...OPEN,
    example: { ...CREDENTIAL, response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' } },
  })
  @IsObject()
  credential: AuthenticationResponseJSON;
}

export class LoginPasskey extends ShowPasskey {
  /** As with login. */
  @MayBeAbsent()
  @IsString()
  @Length(16, 128)
  deviceToken?: string;
}

export class PasskeyOptionsView {
  /**
   * To be signed, once.
   * @example "wDq8Zr4Tb6Yp1Lm8Hs3Dc5Jf0GqwDq8Zr4Tb6Yp1Lm8"
   */
  challenge: string;
  /** What else the page hands to the browser: see Web Authentication Level 3, `parseCreationOptionsFromJSON` and `parseRequestOptionsFromJSON`. */
  @ApiProperty({ ...OPEN, example: { challenge: 'wDq8Zr4Tb6Yp1Lm8Hs3Dc5Jf0GqwDq8Zr4Tb6Yp1Lm8', timeout: 300000 } })
  publicKey: object;
}

export class PasskeyAddedView {
  id: string;
  /**
   * Ten, each of which replaces a lost factor once; those of before are void.
   * @example ["k3mz-7qpa-xw2d-rt5u"]
   */
  recoveryCodes: string[];
}

export class PasskeyView {
  id: string;
  /** @example "My phone" */
  name: string;
  /** Whether its maker keeps a copy for the owner's other devices. */
  isBackedUp: boolean;
  lastUsedAt: Date | null;
  createdAt: Date;
}
