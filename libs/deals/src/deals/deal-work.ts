import { Clock, type Permission } from '@app/kernel';
import { Database, onConstraint, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PipelineArchived, StageUnknown } from '../pipelines/pipeline.errors.js';
import { Deal } from './deal.entity.js';
import { CompanyUnknown, OwnerUnknown, TeamUnknown } from './deal.errors.js';
import { DealReach } from './deal.reach.js';

type Verb = (deal: Deal, now: Date) => unknown;
type Right = { readonly permission: Permission; readonly version: number | undefined; readonly isTrashed?: boolean };

/** One piece of work on one deal: may I, then one guarded statement that writes its row. */
@Injectable()
export class DealWork {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reach: DealReach,
  ) {}

  /** @throws StageUnknown, PipelineArchived, OwnerUnknown, TeamUnknown */
  begin(make: (now: Date) => Deal): Promise<Deal> {
    return named(this.db.create(make(this.clock.now())));
  }

  /** As whoever acts. @throws RecordNotFound, OutOfReach, VersionConflict, StageUnknown, PipelineArchived, OwnerUnknown, TeamUnknown */
  async do(id: string, { permission, version, isTrashed = false }: Right, verb: Verb): Promise<Deal> {
    await this.reach.assert(id, permission, isTrashed);
    const change = this.db.change(Deal, id, version, (deal) => {
      // it may have gone into the trash, or come out of it, since it was asked for
      if ((deal.deletedAt !== null) !== isTrashed) throw new RecordNotFound('deal', id);
      return verb(deal, this.clock.now());
    });
    return named(change);
  }
}

const named = (written: Promise<Deal>): Promise<Deal> =>
  written
    .catch(onConstraint('deals_owner', () => new OwnerUnknown()))
    .catch(onConstraint('deals_team', () => new TeamUnknown()))
    .catch(onConstraint('deals_company', () => new CompanyUnknown()))
    .catch(onConstraint('deals_stage', () => new StageUnknown('/stageId')))
    .catch(onConstraint('deals_pipeline_is_in_use', () => new PipelineArchived()));
