import { Clock, DomainError, newId } from '@app/kernel';
import { currentActor, currentTenantId, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Joining } from '../merging/joining.js';
import type { Keep } from '../settings/lead-settings.entity.js';
import { CandidatesQueries } from './candidates.queries.js';
import { LeadCleanup } from './lead-cleanup.entity.js';
import { type Pair, pairsOf } from './likeness.js';

/** How many pairs one cleanup merges: it holds them all until it is over. */
const MOST_PAIRS = 100;

export type Report = {
  /** Null of a dry run, and where there was nothing to merge. */
  readonly cleanupId: string | null;
  readonly isDryRun: boolean;
  readonly keep: Keep;
  readonly pairs: readonly Pair[];
  readonly hasMore: boolean;
};
export type Undoing = {
  readonly cleanup: LeadCleanup;
  readonly left: readonly { readonly mergeId: string; readonly code: string }[];
};

/** What a dry run throws once it has done everything, so that nothing of it stays. */
class Discarded extends Error {}

/** Finds the duplicates among all live leads and merges them; what was converted is not touched. */
@Injectable()
export class CleanupService {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly candidates: CandidatesQueries,
    private readonly joining: Joining,
  ) {}

  /** A dry run does the same and takes it back: what it reports is what would have been done. */
  async run({ keep, isDryRun }: { keep: Keep; isDryRun: boolean }): Promise<Report> {
    let report: Report | undefined;
    const work = async (): Promise<void> => {
      report = { ...(await this.cleanUp(keep)), isDryRun };
      if (isDryRun) throw new Discarded();
    };
    await this.db.transaction(work).catch((error: unknown) => {
      if (!(error instanceof Discarded)) throw error;
    });
    if (!report) throw new Error('The cleanup reported nothing');
    return isDryRun ? { ...report, cleanupId: null } : report;
  }

  /**
   * Takes its merges back, the last one first. What was merged on, or taken back by hand, since is left as it is and named.
   * @throws RecordNotFound, CleanupUndone
   */
  undo(id: string): Promise<Undoing> {
    return this.db.transaction(async () => {
      await this.oneAtATime();
      const cleanup = await this.db.lock(LeadCleanup, id);
      cleanup.assertStanding();
      const merges = await this.db.query<{ id: string }>(
        'select id from lead_merges where tenant_id = $1 and cleanup_id = $2 and undone_at is null order by id desc',
        [currentTenantId(), id],
      );
      const left: { mergeId: string; code: string }[] = [];
      for (const { id: mergeId } of merges) {
        const code = await this.partedOr(mergeId);
        if (code) left.push({ mergeId, code });
      }
      cleanup.undo(merges.length - left.length, currentActor().id, this.clock.now());
      return { cleanup: await this.db.save(cleanup), left };
    });
  }

  private async cleanUp(keep: Keep): Promise<Omit<Report, 'isDryRun'>> {
    await this.oneAtATime();
    const { candidates, isAll } = await this.candidates.hold();
    const all = pairsOf(candidates, keep);
    const pairs = all.slice(0, MOST_PAIRS);
    const hasMore = !isAll || pairs.length < all.length;
    if (!pairs.length) return { cleanupId: null, keep, pairs, hasMore: false };
    const cleanupId = newId();
    const done = { id: cleanupId, keep, merged: pairs.length, hasMore, startedBy: currentActor().id };
    await this.db.create(LeadCleanup.of(done));
    for (const pair of pairs) await this.joining.join(pair, { reasons: pair.reasons, cleanupId });
    return { cleanupId, keep, pairs, hasMore };
  }

  private async partedOr(mergeId: string): Promise<string | undefined> {
    try {
      await this.db.savepoint(() => this.joining.part(mergeId));
      return undefined;
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
  }

  /** The second finds what the first has left of it: nothing. */
  private async oneAtATime(): Promise<void> {
    await this.db.query(`select pg_advisory_xact_lock(hashtextextended('lead cleanup ' || $1::text, 0))`, [
      currentTenantId(),
    ]);
  }
}
