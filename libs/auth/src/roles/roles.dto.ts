import { MayBeAbsent } from '@app/platform';
import { PartialType } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsString, Length, MaxLength } from 'class-validator';

export class RoleDocument {
  /** @example "Night shift" */
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example "Answers inquiries out of hours" */
  @MayBeAbsent()
  @IsString()
  @MaxLength(1000)
  description?: string;

  /**
   * What it grants; GET /auth/permissions lists all there is.
   * @example ["inquiries:read_all", "responses:create"]
   */
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  grants: string[];

  /** Whether whoever has it needs a second factor: until they have one, little else is open. Absent, it stays as it is. */
  @MayBeAbsent()
  @IsBoolean()
  mfaRequired?: boolean;
}

export class EditRole extends PartialType(RoleDocument, { skipNullProperties: false }) {}

export class RoleView {
  /** @example "01920000-0000-7000-8000-000000000201" */
  id: string;
  /** @example "CSO" */
  name: string;
  /** @example "Customer service: answers inquiries, with own customers." */
  description: string;
  /** @example ["customers:read_own", "inquiries:read_all"] */
  grants: string[];
  /** Whether whoever has it needs a second factor. */
  mfaRequired: boolean;
  /** Whether every tenant begins with it. */
  isSeeded: boolean;
  /**
   * How many users have it.
   * @example 3
   */
  users: number;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}
