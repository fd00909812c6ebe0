import { CURRENCIES } from '@app/kernel';
import { Day, MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { FieldDocument, NewField } from './custom-field.entity.js';
import { FIELD_TYPES, type FieldType, INDEX_STATES, type IndexState, MOST_OPTIONS } from './custom-field.policy.js';
import { KEY, LONGEST_KEY } from './field-sql.js';
import { FORMULA_TYPES, type FormulaType, LONGEST_FORMULA } from './formulas/formula.policy.js';
import type { FieldRules } from './field-values.js';

const KEY_RULE = 'must begin with a small letter and consist of letters, digits and single underscores';

export class FieldOptionDto {
  /**
   * What is stored.
   * @example "gold"
   */
  @IsString()
  @Length(1, 60)
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, { message: 'must consist of letters, digits, _ and -' })
  key: string;

  /** @example "Gold" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  label: string;

  /** Chosen by nobody anew; records that have it keep it. */
  @MayBeAbsent()
  @IsBoolean()
  isRetired?: boolean;
}

export class DefineFieldDto {
  /** @example "customers" */
  @IsString()
  @Length(1, 40)
  recordKind: string;

  /**
   * For good: values stand under it, and lists filter by `cf.<key>`.
   * @example "loyaltyNumber"
   */
  @IsString()
  @Length(1, LONGEST_KEY)
  @Matches(KEY, { message: KEY_RULE })
  key: string;

  /** @example "Loyalty number" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  label: string;

  @ApiProperty({ enum: FIELD_TYPES, example: 'text' })
  @IsIn(FIELD_TYPES)
  type: FieldType;

  /** Of `select` and `multi_select`. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MOST_OPTIONS)
  @ValidateNested({ each: true })
  @Type(() => FieldOptionDto)
  options?: FieldOptionDto[];

  /** Of a number its least value, of money in minor units, of a text its length, of `multi_select` how many. */
  @IsOptional()
  @IsNumber()
  @Min(-Number.MAX_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  min?: number | null;

  @IsOptional()
  @IsNumber()
  @Min(-Number.MAX_SAFE_INTEGER)
  @Max(Number.MAX_SAFE_INTEGER)
  max?: number | null;

  /** Of a date. */
  @ApiProperty({ type: String, format: 'date', nullable: true, required: false })
  @IsOptional()
  @Day()
  earliest?: string | null;

  @ApiProperty({ type: String, format: 'date', nullable: true, required: false })
  @IsOptional()
  @Day()
  latest?: string | null;

  /** The kind of record that a relation leads to. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 40)
  targetKind?: string;

  /** The only currency of a money field; without, any will do. */
  @ApiProperty({ type: String, required: false })
  @MayBeAbsent()
  @IsIn(CURRENCIES, { message: 'must be an ISO 4217 code' })
  currency?: string;

  /**
   * Of a formula: what it is computed from, and how. Fields of the record by the names that its list has for them, numbers,
   * texts, `+ - * /`, comparisons, `&& || !`, and `if`, `round`, `min`, `max`, `coalesce`, `days_between`, `concat`.
   * @example "round(amount * cf.commission / 100)"
   */
  @MayBeAbsent()
  @IsString()
  @Length(1, LONGEST_FORMULA)
  expression?: string;

  /** Whoever writes custom fields of a record must leave it with this one. */
  @MayBeAbsent()
  @IsBoolean()
  isRequired?: boolean;

  /** Holds personal data: seen and written with `custom-fields:read-personal` only. A formula does where a field in it does. */
  @MayBeAbsent()
  @IsBoolean()
  isPersonal?: boolean;

  /** Lists find by it through an index, which a job builds. */
  @MayBeAbsent()
  @IsBoolean()
  isIndexed?: boolean;
}

export class ChangeFieldDto extends PartialType(
  OmitType(DefineFieldDto, ['recordKind', 'key', 'targetKind', 'currency'] as const),
  { skipNullProperties: false },
) {}

export class FieldOptionView {
  /** @example "gold" */
  key: string;
  /** @example "Gold" */
  label: string;
  isRetired: boolean;
}

export class CustomFieldView {
  id: string;
  /** @example "customers" */
  recordKind: string;
  /** @example "contractNumber" */
  key: string;
  /** @example "Contract number" */
  label: string;
  @ApiProperty({ enum: FIELD_TYPES, example: 'text' })
  type: FieldType;
  @ApiProperty({ type: [FieldOptionView] })
  options: readonly FieldOptionView[];
  min: number | null;
  max: number | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  earliest: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true })
  latest: string | null;
  targetKind: string | null;
  currency: string | null;
  /** Of a formula. */
  expression: string | null;
  /** What a formula comes to. */
  @ApiProperty({ enum: FORMULA_TYPES, nullable: true, example: null })
  resultType: FormulaType | null;
  isRequired: boolean;
  isPersonal: boolean;
  isIndexed: boolean;
  /** Lists find by the index once it is `ready`; until then they look at each record. */
  @ApiProperty({ enum: INDEX_STATES, example: 'ready' })
  indexState: IndexState;
  /** While its values are being converted: the type that it will have. */
  @ApiProperty({ enum: FIELD_TYPES, nullable: true, example: null })
  convertingTo: FieldType | null;
  archivedAt: Date | null;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const optionsOf = (options: readonly FieldOptionDto[]): FieldDocument['options'] =>
  options.map(({ key, label, isRetired = false }) => ({ key, label, isRetired }));

const RULES = ['min', 'max', 'earliest', 'latest'] as const;
type Bounds = Pick<ChangeFieldDto, (typeof RULES)[number]>;

const rulesOf = (bounds: Bounds): FieldRules =>
  Object.fromEntries(RULES.flatMap((name) => (bounds[name] == null ? [] : [[name, bounds[name]]])));

export const toNewField = (dto: DefineFieldDto): Omit<NewField, 'createdBy'> => ({
  ...{ recordKind: dto.recordKind, key: dto.key, label: dto.label, type: dto.type },
  ...{ options: optionsOf(dto.options ?? []), rules: rulesOf(dto) },
  ...{ targetKind: dto.targetKind ?? null, currency: dto.currency ?? null, expression: dto.expression ?? null },
  ...{ isRequired: dto.isRequired ?? false, isPersonal: dto.isPersonal ?? false, isIndexed: dto.isIndexed ?? false },
});

/** Bounds are given one by one; who gives one gives all of them anew. */
export function toFieldChange({
  options,
  label,
  type,
  expression,
  isRequired,
  isPersonal,
  isIndexed,
  ...bounds
}: ChangeFieldDto): Partial<FieldDocument> {
  const hasBounds = RULES.some((name) => bounds[name] !== undefined);
  return {
    label,
    type,
    expression,
    isRequired,
    isPersonal,
    isIndexed,
    ...(options && { options: optionsOf(options) }),
    ...(hasBounds && { rules: rulesOf(bounds) }),
  };
}
