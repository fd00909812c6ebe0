import { Config } from '@app/platform';
import { Injectable } from '@nestjs/common';

export const CHALLENGE_SECONDS = 300;
/** EdDSA, ES256, RS256 (RFC 9053). */
export const ALGORITHMS = [-8, -7, -257];

/** Where passkeys count: pages of these origins, under the host of PUBLIC_URL. */
@Injectable()
export class PasskeyPlace {
  readonly rpId: string;
  readonly origins: string[];

  constructor(config: Config) {
    this.rpId = new URL(config.PUBLIC_URL).hostname;
    this.origins = config.PASSKEY_ORIGINS.length ? [...config.PASSKEY_ORIGINS] : [new URL(config.PUBLIC_URL).origin];
  }
}
