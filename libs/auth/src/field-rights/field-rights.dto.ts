import { FIELD_LIMITS, type FieldLimit } from '@app/kernel';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';

const RIGHTS = ['write', ...FIELD_LIMITS] as const;

export class FieldRuleDto {
  /**
   * The kind of record, as the catalogue names it.
   * @example "customers"
   */
  @IsString()
  @MaxLength(100)
  record: string;

  /**
   * Its field, as its view names it; of the company's own fields `cf.<key>`.
   * @example "phone"
   */
  @IsString()
  @MaxLength(100)
  field: string;

  /** `hidden`: neither seen nor written. `read`: seen, not written. */
  @ApiProperty({ enum: FIELD_LIMITS, example: 'hidden' })
  @IsIn(FIELD_LIMITS)
  right: FieldLimit;
}

export class FieldRulesDto {
  /** All of them: what is absent may be seen and written. */
  @IsArray()
  @ArrayMaxSize(1000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => FieldRuleDto)
  @ApiProperty({ type: [FieldRuleDto] })
  rules: FieldRuleDto[];
}

export class FieldRuleView {
  /** @example "customers" */
  record: string;
  /** @example "phone" */
  field: string;
  @ApiProperty({ enum: FIELD_LIMITS, example: 'hidden' })
  right: FieldLimit;
}

/** What a role's holders do not see or do not write. */
export class RoleFieldRightsView {
  /**
   * The role's.
   * @example "01920000-0000-7000-8000-000000000201"
   */
  id: string;
  @ApiProperty({ type: [FieldRuleView] })
  rules: FieldRuleView[];
  /** The role's. */
  version: number;
}

export class RestrictableFieldView {
  /** @example "phone" */
  name: string;
  /** @example "The primary number" */
  description: string;
  /**
   * What goes with it: other names under which the same is told, sought or written.
   * @example ["contactPoints"]
   */
  goesWith: string[];
}

export class RestrictableRecordView {
  /** @example "customers" */
  record: string;
  @ApiProperty({ type: [RestrictableFieldView] })
  fields: RestrictableFieldView[];
  /** Whether the company's own fields of it may be restricted as well, as `cf.<key>`. */
  hasCustomFields: boolean;
}

export class FieldCatalogueView {
  @ApiProperty({ type: [RestrictableRecordView] })
  records: RestrictableRecordView[];
  @ApiProperty({ enum: RIGHTS, isArray: true })
  rights: readonly (typeof RIGHTS)[number][];
}

export const ALL_RIGHTS = RIGHTS;
