import { Instant, MayBeAbsent } from '@app/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsString, Length, MaxLength } from 'class-validator';

export class CreateServiceToken {
  /** @example "Website contact form" */
  @IsString()
  @Length(1, 100)
  name: string;

  /**
   * What it may do; nothing that you may not.
   * @example ["inquiries:create"]
   */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  grants: string[];

  /**
   * When it dies; never unless given.
   * @example "2027-12-31T00:00:00Z"
   */
  @MayBeAbsent()
  @Instant()
  expiresAt?: Date;
}

export class ServiceTokenView {
  id: string;
  /** @example "Website contact form" */
  name: string;
  /**
   * The beginning of the key, to tell keys apart.
   * @example "nxs_3fa81c07"
   */
  prefix: string;
  /** @example ["inquiries:create"] */
  grants: string[];
  createdBy: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  /** To half a minute. */
  lastUsedAt: Date | null;
  version: number;
  createdAt: Date;
}

export class IssuedServiceTokenView extends ServiceTokenView {
  /** For `X-API-Key`. Shown now and never again. */
  key: string;
}
