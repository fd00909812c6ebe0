import { MayBeAbsent, Tells } from '@app/platform';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsObject, IsUUID, ValidateNested } from 'class-validator';
import type { Choice, Whose } from './merged-fields.js';
import type { Merge } from './merge.entity.js';
import type { Merging } from './merging.service.js';

const WHOSE = ['survivor', 'loser'] as const;

const Chosen = (): PropertyDecorator => (target, name) => {
  for (const decorate of [ApiPropertyOptional({ enum: WHOSE }), MayBeAbsent(), IsIn(WHOSE)]) decorate(target, name);
};

/** Whose each field is: the survivor's unless said otherwise. What the survivor lacks of name, company, level and the person is the other's. */
@Tells('customers')
export class MergeChoice {
  @Chosen() firstName?: Whose;
  @Chosen() lastName?: Whose;
  @Chosen() company?: Whose;
  /** Which address is the primary one; all addresses are kept. */
  @Chosen() email?: Whose;
  /** Which number is the primary one; all numbers are kept. */
  @Chosen() phone?: Whose;
  @Chosen() level?: Whose;
  @Chosen() teamId?: Whose;
  @Chosen() assignedTo?: Whose;
  @Chosen() birthday?: Whose;
  @Chosen() timeZone?: Whose;
  @Chosen() language?: Whose;
  @Chosen() preferredChannel?: Whose;
  @Chosen() quietHours?: Whose;
}

export class MergeCustomers {
  /**
   * Who goes on.
   * @example "01920000-0001-7004-8000-000000000003"
   */
  @IsUUID()
  survivorId: string;

  /**
   * Who becomes a part of the survivor.
   * @example "01920000-0001-7004-8000-000000000083"
   */
  @IsUUID()
  loserId: string;

  @ApiPropertyOptional({ type: MergeChoice, example: { phone: 'loser' } })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => MergeChoice)
  fields?: MergeChoice;
}

export class MergeView {
  id: string;
  /** @example "01920000-0001-7004-8000-000000000003" */
  survivorId: string;
  /** @example "01920000-0001-7004-8000-000000000083" */
  loserId: string;
  @ApiProperty({ enum: ['merged', 'undone'], example: 'merged' })
  state: 'merged' | 'undone';
  /**
   * How many rows came to the survivor, by table and column.
   * @example { "inquiries.customer_id": 3 }
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  moved: Record<string, number>;
  mergedBy: string;
  undoneBy: string | null;
  undoneAt: Date | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const toMerging = ({ survivorId, loserId, fields = {} }: MergeCustomers): Merging => ({
  survivorId: survivorId.toLowerCase(),
  loserId: loserId.toLowerCase(),
  fields: { ...fields } satisfies Choice,
});

export const toMergeView = (merge: Merge): MergeView => {
  const { id, survivorId, loserId, state, moved, mergedBy, undoneBy, undoneAt, version, createdAt, updatedAt } = merge;
  const counts = Object.entries(moved).map(([column, ids]) => [column, ids.length] as const);
  return {
    ...{ id, survivorId, loserId, state, moved: Object.fromEntries(counts), mergedBy, undoneBy, undoneAt },
    ...{ version, createdAt, updatedAt },
  };
};
