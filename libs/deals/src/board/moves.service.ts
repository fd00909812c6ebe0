import { RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Deal } from '../deals/deal.entity.js';
import { CardNotThere } from '../deals/deal.errors.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { DealWork } from '../deals/deal-work.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import { Places } from './places.js';

const { read, update } = DealPermissions;

/** Where deals stand on the board. */
@Injectable()
export class MovesService {
  constructor(
    private readonly work: DealWork,
    private readonly reach: DealReach,
    private readonly pipelines: PipelinesQueries,
    private readonly places: Places,
  ) {}

  /**
   * To the top of a column, or right below a card in it. One row is written, the deal's own.
   * @throws StageUnknown, CardNotThere, DealNotOpen, StageDemands, VersionConflict
   */
  async moveTo(id: string, stageId: string, below?: string, version?: number): Promise<Deal> {
    await this.reach.assert(id, update);
    if (below) await this.assertSeen(below);
    const stage = await this.pipelines.stage(stageId);
    const rank = below ? await this.places.below(stageId, below, id) : await this.places.onTop(stageId);
    return this.work.do(id, { permission: update, version }, (deal, now) => deal.moveTo(stage, rank, now));
  }

  /** To whom a card is not shown it is no neighbour. @throws CardNotThere */
  private async assertSeen(below: string): Promise<void> {
    await this.reach.assert(below, read).catch((error: unknown) => {
      throw error instanceof RecordNotFound ? new CardNotThere() : error;
    });
  }
}
