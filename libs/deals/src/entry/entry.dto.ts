import { OneLine } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsString, IsUUID, Length } from 'class-validator';

export class StagePointView {
  /** @example "The budget is confirmed" */
  item: string;
  isDone: boolean;
}

export class StageChecklistView {
  stageId: string;
  /** @example "Negotiation" */
  name: string;
  @ApiProperty({ type: [StagePointView] })
  items: StagePointView[];
}

export class ChecklistsView {
  /** Those of the deal's pipeline that ask for something, in their order. */
  @ApiProperty({ type: [StageChecklistView] })
  stages: StageChecklistView[];
}

export class CheckPointDto {
  /** @example "01920000-0001-7013-8000-000000000005" */
  @IsUUID()
  stageId: string;

  /**
   * As it stands in the stage.
   * @example "The budget is confirmed"
   */
  @OneLine()
  @IsString()
  @Length(1, 200)
  item: string;

  /** @example true */
  @IsBoolean()
  isDone: boolean;
}

export class AskApprovalDto {
  /**
   * The stage that the deal is to come into.
   * @example "01920000-0001-7013-8000-000000000005"
   */
  @IsUUID()
  stageId: string;
}
