import { Day, MayBeAbsent } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';

export class VelocityQuery {
  /** The default one unless given. */
  @MayBeAbsent()
  @IsUUID()
  pipelineId?: string;

  /** The first day; that of the ninetieth day before unless given. */
  @ApiProperty({ type: String, format: 'date', required: false })
  @MayBeAbsent()
  @Day()
  from?: string;

  /** The last day; today unless given. */
  @ApiProperty({ type: String, format: 'date', required: false })
  @MayBeAbsent()
  @Day()
  to?: string;

  /** Somebody's only. */
  @MayBeAbsent()
  @IsUUID()
  ownerId?: string;
}

export class StageVelocity {
  stageId: string;
  /** @example "Proposal" */
  name: string;
  /** How many stays ended here: by another stage, or by an end. */
  left: number;
  /** Of these, those that went on: to a later stage of the pipeline, or won. */
  wentOn: number;
  won: number;
  lost: number;
  /** `wentOn` of `left`, in percent; null where nobody left. */
  conversion: number | null;
  /** How long a stay was. */
  medianSeconds: number | null;
  averageSeconds: number | null;
  /** The longest of all but the slowest tenth. */
  slowSeconds: number | null;
}

export class VelocityView {
  pipelineId: string;
  @ApiProperty({ type: String, format: 'date' })
  from: string;
  @ApiProperty({ type: String, format: 'date' })
  to: string;
  /** Of this period, in the order of the stages. */
  @ApiProperty({ type: [StageVelocity] })
  stages: StageVelocity[];
  won: number;
  lost: number;
  /** Won of those that ended, in percent; null where none did. */
  winRate: number | null;
  /** From its beginning until a deal was won. */
  medianSecondsToWin: number | null;
}
