import { Instant, IsNetwork, MayBeAbsent } from '@app/platform';
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

  /**
   * Addresses and networks from which alone it opens anything; from anywhere unless given.
   * @example ["203.0.113.0/24"]
   */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(50)
  @IsNetwork({ each: true })
  allowedFrom?: string[];
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
  /** Empty: from anywhere. */
  allowedFrom: string[];
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
