import { CUSTOMER_LEVELS, CUSTOMER_STATUSES, type CustomerCard } from '@app/customers';
import type { FieldFault } from '@app/kernel';
import { OneLine, Tells } from '@app/platform';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, Length } from 'class-validator';
import type { Segment } from './segment.entity.js';

const CONDITION = {
  type: 'object',
  additionalProperties: true,
  example: {
    all: [
      { field: 'status', op: 'eq', value: 'customer' },
      { field: 'inquiries.openCount', op: 'gte', value: 1 },
    ],
  },
} as const;

export class ListedSegmentView {
  id: string;
  /** @example "Customers who wait" */
  name: string;
  /** @example "Customers with an open inquiry" */
  description: string | null;
  /** The condition tree, relative dates still relative. Null where it speaks of what you may not see. */
  @ApiProperty({ ...CONDITION, nullable: true })
  condition: object | null;
  createdBy: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

class SegmentProblem {
  /** @example "/condition/all/0/field" */
  pointer: string;
  /** @example "unknown_field" */
  code: string;
  message: string;
}

export class SegmentView extends ListedSegmentView {
  /** What keeps you from using it: fields that are gone, are of another type, or not for you. */
  @ApiProperty({ type: [SegmentProblem] })
  problems: SegmentProblem[];
}

export class SegmentDto {
  /** @example "Customers who wait" */
  @OneLine()
  @IsString()
  @Length(1, 100)
  name: string;

  /** @example "Customers with an open inquiry" */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  description?: string | null;

  /** A condition tree over the fields that `GET /segments/fields` lists. */
  @ApiProperty(CONDITION)
  @IsObject()
  condition: object;
}

export class EditSegmentDto extends PartialType(SegmentDto, { skipNullProperties: false }) {}

export class SegmentPreviewDto {
  /** A condition tree over the fields that `GET /segments/fields` lists. */
  @ApiProperty(CONDITION)
  @IsObject()
  condition: object;
}

@Tells('customers')
export class SegmentCustomerView implements CustomerCard {
  id: string;
  /** @example "Mira" */
  firstName: string;
  /** @example "Okafor" */
  lastName: string;
  /** @example "Mira Okafor" */
  name: string;
  /** @example "mira@okafor.example" */
  email: string | null;
  phone: string | null;
  company: string | null;
  @ApiProperty({ enum: CUSTOMER_STATUSES, example: 'customer' })
  status: CustomerCard['status'];
  @ApiProperty({ enum: CUSTOMER_LEVELS, nullable: true, example: 'gold' })
  level: CustomerCard['level'];
  assignedTo: string | null;
}

export class SegmentPreviewView {
  /**
   * Of those whom you may read.
   * @example 12
   */
  count: number;
  /** Whether there are more than that. */
  countIsCapped: boolean;
  /** Some of them. */
  @ApiProperty({ type: () => SegmentCustomerView, isArray: true })
  sample: SegmentCustomerView[];
}

export class AudienceFieldView {
  /** @example "inquiries.openCount" */
  name: string;
  /** @example "integer" */
  type: string;
  /** @example ["eq", "gte"] */
  operators: string[];
  /** Whether it may be without a value. */
  nullable: boolean;
  /** What it may be, where that is known. */
  @ApiProperty({ type: String, isArray: true, nullable: true, example: null })
  values: string[] | null;
  /** @example "How many inquiries are open" */
  description: string | null;
}

export class AudienceFieldsView {
  @ApiProperty({ type: () => AudienceFieldView, isArray: true })
  data: AudienceFieldView[];
}

/** What it compares with is told to who may see all that it speaks of, and to whoever saved it. */
export function toView(segment: Segment, problems: readonly FieldFault[], readerId: string): SegmentView {
  const { id, name, description, createdBy, version, createdAt, updatedAt } = segment;
  const condition = isTold(segment, problems, readerId) ? segment.condition : null;
  return { id, name, description, condition, createdBy, version, createdAt, updatedAt, problems: [...problems] };
}

export const isTold = (
  { createdBy }: Pick<Segment, 'createdBy'>,
  problems: readonly FieldFault[],
  readerId: string,
): boolean => problems.length === 0 || createdBy === readerId;
