import { MayBeAbsent } from '@app/platform';
import { IsEmail, IsIn, MaxLength } from 'class-validator';

export class WhoSpeaks {
  /** @example "nina@demo.example" */
  @IsEmail()
  @MaxLength(254)
  email: string;
}

export class StartSso {
  /** Whether the person shows the provider anew who they are: then the login is a fresh proof as well. */
  @MayBeAbsent()
  @IsIn(['true', 'false'])
  fresh?: 'true' | 'false';
}

export class SsoChoiceView {
  id: string;
  /** @example "Our directory" */
  name: string;
}

export class SsoChoicesView {
  /** Empty where nobody speaks for the domain: then it is the password. */
  providers: SsoChoiceView[];
}

export class SsoStartView {
  /**
   * Where the browser goes now.
   * @example "https://login.directory.example/authorize?client_id=nexus"
   */
  url: string;
  /**
   * Seconds until it must be back.
   * @example 600
   */
  expiresIn: number;
}
