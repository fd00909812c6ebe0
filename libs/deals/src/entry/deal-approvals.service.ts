import { createHash } from 'node:crypto';
import {
  type ApprovalCard,
  ApprovalsFacade,
  type ApprovalSubject,
  ApprovalSubjectPort,
  type SubjectDecision,
} from '@app/approvals';
import { currentActor, Database, defineFields, Provides, RecordNotFound } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { Deal } from '../deals/deal.entity.js';
import { DealPermissions } from '../deals/deal.policy.js';
import { DealReach } from '../deals/deal.reach.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import { ApprovalNotNeeded } from './entry.errors.js';
import type { Approval } from './stage-terms.js';

const SUBJECT = 'deals.stage-entry';

/** That a deal may come into a stage, by the terms that it has: a policy says who has to agree, and from which discount on. */
@Injectable()
@Provides(ApprovalSubjectPort)
export class DealApprovals implements ApprovalSubject {
  readonly subjectKind = SUBJECT;
  readonly facts = defineFields({
    stageId: { type: 'id', description: 'That it is to come into.' },
    pipelineId: { type: 'id' },
    amount: { type: 'integer', nullable: true, description: 'In minor units of its currency.' },
    currency: { type: 'text' },
    discountPercent: { type: 'number', description: 'Of all lines together.' },
    teamId: { type: 'id', nullable: true },
  });

  constructor(
    private readonly db: Database,
    private readonly reach: DealReach,
    private readonly approvals: ApprovalsFacade,
    private readonly pipelines: PipelinesQueries,
  ) {}

  /**
   * Whoever asks, and whose deal it is, does not decide. Asked anew, what waited before is void.
   * @throws RecordNotFound, OutOfReach, DealNotOpen, StageUnknown, ApprovalNotNeeded, VersionConflict
   */
  async ask(id: string, stageId: string, version?: number): Promise<Deal> {
    await this.reach.assert(id, DealPermissions.update);
    return this.db.transaction(async () => {
      const deal = await this.held(id, version);
      const stage = await this.pipelines.stage(stageId);
      if (!stage.needsApproval) throw new ApprovalNotNeeded();
      const asked = deal.askApproval(stageId);
      const { pipelineId, amount, currency, discountPercent, teamId, ownerId, createdBy } = deal;
      const card = await this.approvals.request({
        ...{ subjectKind: SUBJECT, subjectId: id, revision: deal.version, contentHash: hashOf(asked) },
        ...{ title: `${deal.name}: ${stage.name}`, teamId, dueAt: null },
        excluded: [...new Set([currentActor().id, createdBy, ...(ownerId ? [ownerId] : [])])],
        facts: { stageId, pipelineId, amount, currency, discountPercent: Number(discountPercent), teamId },
      });
      if (card.status === 'waived') deal.decideApproval('approved');
      return this.db.save(deal);
    });
  }

  /** The deal first and the request then, as when it is asked. @throws ApprovalNotAsked, and what approvals refuse */
  decide({ subjectId, revision, decision, notes }: SubjectDecision): Promise<ApprovalCard> {
    return this.db.transaction(async () => {
      const deal = await this.held(subjectId);
      const { stageId } = deal.awaited();
      const contentHash = hashOf({ stageId, terms: deal.terms });
      const card = await this.approvals.decide({
        ...{ subjectKind: SUBJECT, subjectId, revision, contentHash, decision, notes },
      });
      if (card.status === 'approved' || card.status === 'rejected') deal.decideApproval(card.status);
      await this.db.save(deal);
      return card;
    });
  }

  /** What is over, or in the trash, waits for nobody any more. */
  async recall(id: string): Promise<void> {
    const subject = { subjectKind: SUBJECT, subjectId: id };
    await this.db.transaction(async () => {
      const deal = await this.db.lock(Deal, id);
      if (deal.status === 'open' && !deal.deletedAt) return; // it goes on by now
      if (await this.approvals.pendingOf(SUBJECT, id)) await this.approvals.recall(subject);
    });
  }

  private async held(id: string, version?: number): Promise<Deal> {
    const deal = await this.db.lock(Deal, id, version);
    if (deal.deletedAt) throw new RecordNotFound('deal', id);
    return deal;
  }
}

const hashOf = ({ stageId, terms }: Pick<Approval, 'stageId' | 'terms'>): string =>
  createHash('sha256').update(`${stageId} ${terms}`).digest('hex');
