import { CURRENCIES } from '@app/kernel';
import { IsZone, MayBeAbsent } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsIn, IsString, Length } from 'class-validator';
import { LOCALES } from '../users/users.dto.js';
import { TENANT_STATES, type Tenant } from './tenant.entity.js';

export class TenantDocument {
  /** @example "Demo Travel" */
  @IsString()
  @Length(1, 100)
  title: string;

  /**
   * IANA time zone of the company.
   * @example "Europe/Berlin"
   */
  @MayBeAbsent()
  @IsZone()
  zone?: string;

  /** @example "en" */
  @MayBeAbsent()
  @IsIn(LOCALES)
  locale?: (typeof LOCALES)[number];

  /**
   * What amounts are in where nobody says otherwise: of new pipelines, and with them of new deals and forecasts.
   * @example "EUR"
   */
  @ApiProperty({ type: String, required: false, example: 'EUR' })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;
}

export class EditTenant extends PartialType(TenantDocument, { skipNullProperties: false }) {}

export class TenantView {
  id: string;
  /** @example "demo" */
  slug: string;
  /** @example "Demo Travel" */
  title: string;
  /** @example "Europe/Berlin" */
  zone: string;
  @ApiProperty({ enum: LOCALES, example: 'en' })
  locale: string;
  /** @example "EUR" */
  currency: string;
  @ApiProperty({ enum: TENANT_STATES.states, example: 'active' })
  status: Tenant['status'];
  /** When it is deleted for good, unless it is kept before. */
  deleteAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toTenantView = ({
  id,
  slug,
  title,
  zone,
  locale,
  currency,
  status,
  deleteAt,
  version,
  createdAt,
  updatedAt,
}: Tenant): TenantView => ({
  id,
  slug,
  title,
  zone,
  locale,
  currency,
  status,
  deleteAt,
  version,
  createdAt,
  updatedAt,
});
