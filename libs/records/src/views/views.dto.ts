import { MayBeAbsent, OneLine } from '@app/platform';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
} from 'class-validator';
import { AUDIENCES, type Audience } from './view.policy.js';

export class SaveViewDto {
  /**
   * The list, by its path: `customers`, `deals`, `inquiries`, `approvals/queue`.
   * @example "customers"
   */
  @IsString()
  @Length(1, 60)
  resource: string;

  /** @example "Leads without a company" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /** What of the list, as a condition tree: as `POST /<resource>/search` takes it. Everything, where neither this nor `query` is given. */
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: {
      all: [
        { field: 'status', op: 'eq', value: 'lead' },
        { field: 'company', op: 'null', value: true },
      ],
    },
  })
  @MayBeAbsent()
  @IsObject()
  where?: Record<string, unknown>;

  /** The same, with order and columns, as the query string of the list: `status=lead&sort=lastName&fields=lastName,email`. */
  @MayBeAbsent()
  @IsString()
  @Length(1, 4_000)
  query?: string;

  /**
   * As the list takes it; its usual order when null.
   * @example "lastName,-createdAt"
   */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  sort?: string | null;

  /**
   * Those of `fields` of the list; all when null.
   * @example ["lastName", "email", "status"]
   */
  @ApiProperty({ type: [String], nullable: true, required: false })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 60, { each: true })
  columns?: string[] | null;

  @ApiPropertyOptional({ enum: AUDIENCES, default: 'private' })
  @MayBeAbsent()
  @IsIn(AUDIENCES)
  audience?: Audience;

  /** Of `team`: one that you belong to. */
  @IsOptional()
  @IsUUID()
  teamId?: string | null;

  /** Shown first. */
  @MayBeAbsent()
  @IsBoolean()
  isPinned?: boolean;
}

export class ChangeViewDto extends PartialType(OmitType(SaveViewDto, ['resource'] as const), {
  skipNullProperties: false,
}) {}

export class ListedViewView {
  id: string;
  /** @example "customers" */
  resource: string;
  /** @example "Leads without a company" */
  name: string;
  @ApiProperty({ enum: AUDIENCES, example: 'tenant' })
  audience: Audience;
  teamId: string | null;
  isPinned: boolean;
  /** Mine for this list. */
  isDefault: boolean;
  ownerId: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

class ViewProblem {
  /** @example "/where/all/0/field" */
  pointer: string;
  /** @example "unknown_field" */
  code: string;
  message: string;
}

export class SavedViewView extends ListedViewView {
  /**
   * Null where it speaks of what you may not see.
   * @example { "all": [{ "field": "status", "op": "eq", "value": "lead" }] }
   */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  where: object | null;
  /** @example "lastName" */
  sort: string | null;
  @ApiProperty({ type: [String], nullable: true, example: ['lastName', 'email'] })
  columns: readonly string[] | null;
  /** What keeps you from using it: fields that are gone, or not for you. */
  @ApiProperty({ type: [ViewProblem] })
  problems: ViewProblem[];
}
