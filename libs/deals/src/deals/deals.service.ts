import { CustomersFacade } from '@app/customers';
import { currentActor } from '@app/platform';
import { CustomFields, type FieldMerge } from '@app/records';
import { Injectable } from '@nestjs/common';
import { Places } from '../board/places.js';
import { StageUnknown } from '../pipelines/pipeline.errors.js';
import { PipelinesQueries } from '../pipelines/pipelines.queries.js';
import { Deal, type DealDocument, type DealEdit } from './deal.entity.js';
import { CompanyUnknown, OutOfReach } from './deal.errors.js';
import { DealPermissions } from './deal.policy.js';
import { DealWork } from './deal-work.js';

export type Beginning = Pick<DealDocument, 'name'> &
  Partial<DealDocument> & { pipelineId?: string; stageId?: string; ownerId?: string | null };

const { update, assign, delete: remove } = DealPermissions;

/** The record itself. */
@Injectable()
export class DealsService {
  constructor(
    private readonly work: DealWork,
    private readonly pipelines: PipelinesQueries,
    private readonly places: Places,
    private readonly customers: CustomersFacade,
    private readonly fields: CustomFields,
  ) {}

  /**
   * On top of its column. Whose it is: whoever begins it, unless somebody else is named, which takes the right to give
   * deals away. @throws RecordNotFound, OutOfReach, StageDemands, PipelineUnknown, StageUnknown, OwnerUnknown, TeamUnknown, ValuesInvalid
   */
  async begin({ pipelineId, stageId, customFields, ...given }: Beginning): Promise<Deal> {
    const actor = currentActor();
    const me = actor.kind === 'user' ? actor.id : null;
    const { ownerId = me, customerId, companyId } = given;
    if (ownerId !== me && !actor.can(assign)) throw new OutOfReach(assign);
    await this.assertKnown({ customerId, companyId });
    const stage = stageId
      ? await this.pipelines.stage(stageId)
      : await this.pipelines.firstStage((await this.pipelines.named(pipelineId)).id);
    if (pipelineId && stage.pipelineId !== pipelineId) throw new StageUnknown('/stageId');
    const onlyTeam = actor.teams.length === 1 ? (actor.teams[0] ?? null) : null;
    const deal = {
      ...given,
      ownerId,
      currency: given.currency ?? (await this.pipelines.named(stage.pipelineId)).currency,
      teamId: given.teamId === undefined ? onlyTeam : given.teamId,
      createdBy: actor.id,
      rank: await this.places.onTop(stage.id),
    };
    return this.fields.merge('deals', customFields, 'onto', (after) =>
      this.work.begin((now) => Deal.begin({ ...deal, customFields: after({}) ?? {} }, stage, now)),
    );
  }

  /** What it names already is not asked about again. @throws RecordNotFound, OutOfReach, DealNotOpen, StageDemands, CompanyUnknown, TeamUnknown, ValuesInvalid */
  edit(id: string, to: DealEdit, version?: number): Promise<Deal> {
    return this.rewrite(id, to, version, 'onto');
  }

  /** What is not named is emptied, but for custom fields where none are: who does not know of them takes none away. */
  replace(id: string, to: Partial<DealDocument>, version?: number): Promise<Deal> {
    const empty = { amount: null, expectedCloseDate: null, customerId: null, companyId: null, teamId: null };
    return this.rewrite(id, { ...empty, ...to }, version, 'insteadOf');
  }

  private async rewrite(
    id: string,
    { customFields, ...to }: DealEdit,
    version: number | undefined,
    how: FieldMerge,
  ): Promise<Deal> {
    const { customerId, companyId } = to;
    return this.fields.merge('deals', customFields, how, (after) =>
      this.work.do(id, { permission: update, version }, async (deal) => {
        await this.assertKnown({
          ...(customerId !== deal.customerId && { customerId }),
          ...(companyId !== deal.companyId && { companyId }),
        });
        deal.edit({ ...to, customFields: after(deal.customFields) }, await this.pipelines.stage(deal.stageId));
      }),
    );
  }

  /** @throws OwnerUnknown */
  assign(id: string, ownerId: string | null, version?: number): Promise<Deal> {
    return this.work.do(id, { permission: assign, version }, (deal) => deal.assignTo(ownerId));
  }

  async trash(id: string, version?: number): Promise<void> {
    const { id: by } = currentActor();
    await this.work.do(id, { permission: remove, version }, (deal, now) => deal.trash(by, now));
  }

  restore(id: string, version?: number): Promise<Deal> {
    return this.work.do(id, { permission: remove, version, isTrashed: true }, (deal) => deal.restore());
  }

  private async assertKnown({ customerId, companyId }: Pick<DealEdit, 'customerId' | 'companyId'>): Promise<void> {
    if (customerId) await this.customers.assertReadable(currentActor(), customerId);
    if (companyId && !(await this.customers.hasCompany(companyId))) throw new CompanyUnknown();
  }
}
