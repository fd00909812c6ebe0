import { currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Lead } from '../leads/lead.entity.js';
import { LeadPermissions } from '../leads/lead.policy.js';
import { LeadReach } from '../leads/lead.reach.js';
import { Joining } from './joining.js';
import { LeadNotMerged, MergedWithItself } from './merging.errors.js';

const { update } = LeadPermissions;

/** Of two leads one, by hand. */
@Injectable()
export class MergingService {
  constructor(
    private readonly db: Database,
    private readonly reach: LeadReach,
    private readonly joining: Joining,
  ) {}

  /** Whoever merges may change both. @throws RecordNotFound, OutOfReach, MergedWithItself, LeadNotLive */
  async merge(id: string, target: string, version?: number): Promise<Lead> {
    const into = target.toLowerCase();
    if (into === id.toLowerCase()) throw new MergedWithItself();
    for (const each of [id, into]) await this.reach.assert(each, update);
    const how = { reasons: ['by_hand'] as const, cleanupId: null, version };
    return this.db.transaction(() => this.joining.join({ survivorId: into, loserId: id.toLowerCase() }, how));
  }

  /** By whoever may change the duplicate. @throws RecordNotFound, OutOfReach, LeadNotMerged, LeadNotLive */
  async unmerge(id: string, version?: number): Promise<Lead> {
    await this.reach.assert(id, update);
    const found = await this.db.one<{ id: string }>(
      'select id from lead_merges where tenant_id = $1 and loser_id = $2 and undone_at is null',
      [currentTenantId(), id],
    );
    if (!found) throw new LeadNotMerged(id);
    return this.db.transaction(() => this.joining.part(found.id, version));
  }
}
