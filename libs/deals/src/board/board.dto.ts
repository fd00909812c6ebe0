import { MayBeAbsent, Tells } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, IsUUID, Max, Min } from 'class-validator';
import { DealView } from '../deals/deals.dto.js';

const whole = ({ value }: { value: unknown }): unknown =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value;

export class BoardQuery {
  /** The default one unless given. */
  @MayBeAbsent()
  @IsUUID()
  pipelineId?: string;

  /** Only somebody's. */
  @MayBeAbsent()
  @IsUUID()
  ownerId?: string;

  /** Cards a column. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100, default: 20, required: false })
  @MayBeAbsent()
  @Transform(whole)
  @IsInt()
  @Min(1)
  @Max(100)
  cards?: number;
}

@Tells('deals', { amount: 'amount' })
class AmountView {
  /** @example "EUR" */
  currency: string;
  /**
   * In minor units.
   * @example 1200000
   */
  amount: number;
}

class ColumnView {
  stageId: string;
  /** @example "Proposal" */
  name: string;
  /** @example 2 */
  position: number;
  wipLimit: number | null;
  /** Open deals in it that the caller may see. */
  deals: number;
  /** More than its `wipLimit`. */
  isOverLimit: boolean;
  /** What they are worth, by currency. */
  amounts: AmountView[];
  /** From the top. More of them: `GET /deals?stageId=…&status=open&sort=rank`. */
  cards: DealView[];
}

export class BoardView {
  pipelineId: string;
  /** In the order of the stages. */
  columns: ColumnView[];
}
