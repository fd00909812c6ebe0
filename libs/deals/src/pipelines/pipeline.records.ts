import { type Actor, EVERY_RECORD, type Permission, type Way } from '@app/kernel';
import { type GuardedRecords, GuardedRecordsPort, Provides } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PipelinePermissions } from './pipeline.policy.js';

/** Whoever watches a pipeline is told when its board changes: each event of a deal names it. */
@Injectable()
@Provides(GuardedRecordsPort)
export class PipelineRecords implements GuardedRecords {
  readonly kind = 'pipelines';
  readonly namedBy = 'pipelineId';
  readonly read = PipelinePermissions.read;
  readonly reaching = [];
  readonly isReadFirst = true;
  readonly from = 'pipelines p';
  readonly id = 'p.id';
  readonly isPresent = 'true';

  ways(actor: Actor, permission: Permission): readonly Way[] {
    return actor.can(permission) ? EVERY_RECORD : [];
  }
}
