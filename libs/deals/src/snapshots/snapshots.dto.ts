import { Tells } from '@app/platform';
import { SUMS } from '../forecast/forecast.dto.js';
import { ApiProperty } from '@nestjs/swagger';

/** What one person's deals of one team, pipeline and currency were to bring in a month, as it stood on a day. */
@Tells('deals', SUMS)
export class ForecastSnapshotView {
  id: string;
  @ApiProperty({ type: String, format: 'date', example: '2026-11-28' })
  day: string;
  /** @example "2026-12" */
  month: string;
  pipelineId: string;
  ownerId: string | null;
  teamId: string | null;
  /**
   * Of all amounts, which are in its minor units: nothing is converted.
   * @example "EUR"
   */
  currency: string;
  won: number;
  /** Won and commit. */
  commit: number;
  bestCase: number;
  pipeline: number;
  weighted: number;
  deals: number;
}
