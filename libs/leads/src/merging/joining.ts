import { AuthFacade } from '@app/auth';
import { Clock, newId } from '@app/kernel';
import { currentActor, currentTenantId, Database, type NamedIn, RecordNotFound, type Renaming } from '@app/platform';
import { Hangings } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Lead } from '../leads/lead.entity.js';
import { LeadNotLive } from '../leads/lead.errors.js';
import { absorbedFields, fieldsOf, returnedFields } from './absorbed-fields.js';
import { LeadMerge, type Reason } from './lead-merge.entity.js';

const MESSAGES = `update lead_messages m set lead_id = $3 where m.tenant_id = $1 and m.lead_id = $2
  and ($4::uuid[] is null or m.id = any ($4)) returning m.id`;

/** Makes one lead of two and two of one again, in the open transaction, whoever asks for it. */
@Injectable()
export class Joining {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly auth: AuthFacade,
    private readonly hangings: Hangings,
  ) {}

  /** What hangs on the loser moves to the survivor, which takes over what it has not. @throws RecordNotFound, LeadNotLive, VersionConflict */
  async join(
    { survivorId, loserId }: { survivorId: string; loserId: string },
    { reasons, cleanupId, version }: { reasons: readonly Reason[]; cleanupId: string | null; version?: number },
  ): Promise<Lead> {
    const [survivor, loser] = await this.holdBoth(survivorId, loserId, version);
    const [owner] = loser.ownerId ? await this.auth.usersByIds([loser.ownerId]) : [];
    const taken = absorbedFields(survivor, loser, owner?.isActive ?? false);
    const before = fieldsOf(survivor, taken);
    const mergeId = newId();
    survivor.absorb(taken, { otherId: loserId, mergeId });
    const loserStatus = loser.mergeInto(survivorId);
    const moved = await this.move({ from: loserId, to: survivorId });
    await this.db.save(survivor);
    await this.db.save(loser);
    const done = {
      survivorId,
      loserId,
      cleanupId,
      reasons,
      loserStatus,
      before,
      after: fieldsOf(survivor, taken),
      moved,
    };
    await this.db.create(LeadMerge.of({ ...done, mergedBy: currentActor().id }, mergeId));
    return loser;
  }

  /** What came after the merge stays with the survivor. @throws LeadNotMerged, LeadNotLive when the survivor was merged on */
  async part(mergeId: string, version?: number): Promise<Lead> {
    const merge = await this.db.lock(LeadMerge, mergeId);
    merge.undo(currentActor().id, this.clock.now());
    const { survivorId, loserId } = merge;
    const [survivor, loser] = await this.hold(survivorId, loserId, version);
    if (survivor.status === 'duplicate') throw new LeadNotLive(survivorId, survivor.status, survivor.duplicateOf);
    survivor.giveBack(returnedFields(survivor, merge), { otherId: loserId, mergeId });
    loser.standAlone(merge.loserStatus);
    await this.move({ from: survivorId, to: loserId, only: merge.moved });
    await this.db.save(survivor);
    await this.db.save(loser);
    await this.db.save(merge);
    return loser;
  }

  private async holdBoth(survivorId: string, loserId: string, version?: number): Promise<[Lead, Lead]> {
    const both = await this.hold(survivorId, loserId, version);
    for (const lead of both) if (lead.deletedAt) throw new RecordNotFound('lead', lead.id);
    return both;
  }

  /** In the order of their ids, so that of A into B and B into A at once one wins and the other is told. */
  private async hold(survivorId: string, loserId: string, version?: number): Promise<[Lead, Lead]> {
    const lock = (id: string): Promise<Lead> => this.db.lock(Lead, id, id === loserId ? version : undefined);
    if (survivorId < loserId) {
      const survivor = await lock(survivorId);
      return [survivor, await lock(loserId)];
    }
    const loser = await lock(loserId);
    return [await lock(survivorId), loser];
  }

  private async move(renaming: Renaming): Promise<NamedIn> {
    const { from, to, only } = renaming;
    const values = [currentTenantId(), from, to, only ? (only.lead_messages ?? []) : null];
    const messages = await this.db.query<{ id: string }>(MESSAGES, values);
    return { ...(await this.hangings.move('leads', renaming)), lead_messages: messages.map(({ id }) => id) };
  }
}
