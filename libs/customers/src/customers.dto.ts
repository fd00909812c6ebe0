import { MayBeAbsent, Tells } from '@app/platform';
import { ApiFieldValues, shownOf } from '@app/records';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsIn, IsObject, IsOptional, IsUUID, ValidateIf, ValidateNested } from 'class-validator';
import { MOST_CONTACT_POINTS } from './contact-points/contact-point.js';
import { IsDialingCountry, IsEmailAddress, IsPhone } from './contact-points/contact-point.validators.js';
import { ContactPointView, CreateContactPoint } from './contact-points/contact-points.dto.js';
import type { Customer } from './customer.entity.js';
import type { CustomerDocument, CustomerPatch, NewCustomer } from './customer-document.js';
import {
  CUSTOMER_LEVELS,
  CUSTOMER_STATUSES,
  type CustomerLevel,
  type CustomerStatus,
  FIRST_STATUSES,
  type FirstStatus,
} from './customer.policy.js';
import { LevelPinView } from './levels/levels.dto.js';
import { Line } from './line.js';
import { PersonPatch, PersonView, QuietHoursDocument, QuietHoursPatch } from './person/person.dto.js';

@Tells('customers')
export class CustomerView extends PersonView {
  /** @example "01920000-0001-7004-8000-000000000001" */
  id: string;
  /** @example "Mira" */
  firstName: string;
  /** @example "Okafor" */
  lastName: string;
  /**
   * The primary address.
   * @example "mira@okafor.example"
   */
  email: string | null;
  /**
   * The primary number, E.164.
   * @example "+4930123456"
   */
  phone: string | null;
  /** @example "Okafor Logistics" */
  company: string | null;
  @ApiProperty({ enum: CUSTOMER_STATUSES, example: 'lead' })
  status: CustomerStatus;
  @ApiProperty({ enum: CUSTOMER_LEVELS, nullable: true, example: 'gold' })
  level: CustomerLevel | null;
  /** What holds the level up; null while it is the one that was earned. */
  @ApiProperty({ type: LevelPinView, nullable: true })
  levelPin: LevelPinView | null;
  /** @example { "industry": "logistics" } */
  metadata: Record<string, unknown>;
  /**
   * What the company keeps of its customers besides, by the keys of its fields.
   * @example { "contractNumber": "C-1001" }
   */
  customFields: Record<string, unknown>;
  /**
   * Where the record came from.
   * @example "mail"
   */
  source: string;
  teamId: string | null;
  /** The customer who brought this one. */
  referredBy: string | null;
  createdBy: string;
  /** @example "01920000-0001-7001-8000-000000000006" */
  assignedTo: string | null;
  @ApiProperty({ type: [ContactPointView] })
  contactPoints: readonly ContactPointView[];
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

@Tells('customers')
export class TrashedCustomerView extends CustomerView {
  deletedAt: Date;
  deletedBy: string;
  deletedBecause: string | null;
}

/** The editable document. Status, level and assignment change by routes of their own. */
@Tells('customers')
export class CustomerInput extends PersonPatch {
  /** @example "Mira" */
  @Line(1, 100)
  firstName: string;

  /** @example "Okafor" */
  @IsOptional()
  @Line(0, 100)
  lastName?: string | null;

  /** @example "Okafor Logistics" */
  @IsOptional()
  @Line(0, 200)
  company?: string | null;

  /**
   * The primary e-mail address; unique in the tenant.
   * @example "mira@okafor.example"
   */
  @IsOptional()
  @IsEmailAddress()
  email?: string | null;

  /**
   * The primary phone number, international or with `country`.
   * @example "030 123456"
   */
  @IsOptional()
  @IsPhone()
  phone?: string | null;

  /**
   * How to read a national phone number: ISO 3166-1 alpha-2.
   * @example "DE"
   */
  @IsOptional()
  @IsDialingCountry()
  country?: string | null;

  /** The team whose members reach the customer while nobody is assigned. */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  /**
   * Whatever else is known: up to 16 KiB of JSON.
   * @example { "industry": "logistics" }
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  metadata?: Record<string, unknown> | null;

  @ApiFieldValues()
  customFields?: Record<string, unknown>;

  /** When not to be spoken to, instead of what holds for everybody. */
  @ApiPropertyOptional({ type: QuietHoursDocument, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursDocument)
  quietHours?: QuietHoursDocument | null;
}

@Tells('customers')
export class CreateCustomer extends CustomerInput {
  @ApiPropertyOptional({ enum: FIRST_STATUSES, default: 'lead' })
  @MayBeAbsent()
  @IsIn(FIRST_STATUSES)
  status?: FirstStatus;

  /** Further addresses and numbers. */
  @MayBeAbsent()
  @ArrayMaxSize(MOST_CONTACT_POINTS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CreateContactPoint)
  contactPoints?: CreateContactPoint[];
}

/** JSON Merge Patch: what is absent stays, what is null goes. */
@Tells('customers')
export class PatchCustomer extends PartialType(OmitType(CustomerInput, ['quietHours'] as const), {
  skipNullProperties: false,
}) {
  /** Of hours that are there, one end may be given alone. */
  @ApiPropertyOptional({ type: QuietHoursPatch, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursPatch)
  quietHours?: QuietHoursPatch | null;
}

export class MoveCustomer {
  @ApiProperty({ enum: CUSTOMER_STATUSES, example: 'customer' })
  @IsIn(CUSTOMER_STATUSES)
  status: CustomerStatus;

  /** @example "Signed the contract" */
  @IsOptional()
  @Line(0, 500)
  reason?: string | null;
}

export class AssignCustomer {
  /**
   * An active user, or null for nobody.
   * @example "01920000-0001-7001-8000-000000000006"
   */
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  @ValidateIf((_, value) => value !== null)
  @IsUUID()
  userId: string | null;
}

export class TrashCustomer {
  /** Why it goes into the trash. */
  @IsOptional()
  @Line(0, 500)
  reason?: string;
}

export class RemoveCustomer extends TrashCustomer {
  /** Deletes what is in the trash for good. */
  @ApiPropertyOptional({ enum: ['true', 'false'] })
  @IsOptional()
  @IsIn(['true', 'false'])
  permanent?: 'true' | 'false';
}

export const toDocument = (body: CustomerInput): CustomerDocument => ({
  firstName: body.firstName,
  lastName: body.lastName ?? '',
  company: body.company || null,
  email: body.email ?? null,
  phone: body.phone ?? null,
  country: body.country,
  teamId: body.teamId ?? null,
  metadata: body.metadata ?? {},
  customFields: body.customFields,
  birthday: body.birthday ?? null,
  timeZone: body.timeZone ?? null,
  language: body.language ?? null,
  preferredChannel: body.preferredChannel ?? null,
  quietHours: body.quietHours ?? null,
});

/** Without a team, the service finds the one of whoever creates it. */
export const toNewCustomer = (body: CreateCustomer): NewCustomer => ({
  ...toDocument(body),
  teamId: body.teamId,
  status: body.status,
  contactPoints: body.contactPoints,
});

export const toPatch = ({ lastName, company, ...rest }: PatchCustomer): CustomerPatch => ({
  ...rest,
  ...(lastName !== undefined && { lastName: lastName ?? '' }),
  ...(company !== undefined && { company: company || null }),
});

export const toView = (customer: Customer): CustomerView => ({
  id: customer.id,
  firstName: customer.firstName,
  lastName: customer.lastName,
  email: customer.email,
  phone: customer.phone,
  company: customer.company,
  birthday: customer.birthday,
  timeZone: customer.timeZone,
  language: customer.language,
  preferredChannel: customer.preferredChannel,
  quietHours: customer.quietHours,
  status: customer.status,
  level: customer.level,
  levelPin: customer.levelPin,
  metadata: customer.metadata,
  customFields: shownOf('customers', customer.customFields, customer.concealedFields),
  source: customer.source,
  teamId: customer.teamId,
  referredBy: customer.referredBy,
  createdBy: customer.createdBy,
  assignedTo: customer.assignedTo,
  contactPoints: customer.contactPoints,
  version: customer.version,
  createdAt: customer.createdAt,
  updatedAt: customer.updatedAt,
});
