import type { StageDocument } from '../pipelines/pipeline-stage.entity.js';
import type { Demandable } from '../pipelines/pipeline.policy.js';

/** Of a stage, what decides about a deal that comes into it. */
export type StageTerms = { id: string; pipelineId: string } & Pick<
  StageDocument,
  'probability' | 'requires' | 'rotDays' | 'checklist' | 'needsApproval'
>;

/** A point of a stage's checklist that is ticked off at a deal. */
export type Checked = { readonly stageId: string; readonly item: string };

/** For which stage somebody asked, by which terms: what is approved holds for no others. */
export type Approval = {
  readonly stageId: string;
  readonly terms: string;
  readonly status: 'pending' | 'approved' | 'rejected';
};

export type Unmet = { readonly pointer: string; readonly code: string; readonly message: string };

/** What a stage looks at. */
export type Applicant = Readonly<Record<Exclude<Demandable, 'items'>, unknown>> & {
  readonly itemCount: number;
  readonly checked: readonly Checked[];
  readonly approval: Approval | null;
  readonly terms: string;
};

/** All that a deal lacks in a stage, so that one form can ask for it. */
export function unmetBy(deal: Applicant, { id, requires, checklist, needsApproval }: StageTerms): Unmet[] {
  const fields = requires.filter((field) => (field === 'items' ? deal.itemCount === 0 : deal[field] === null));
  const points = checklist.filter((item) => !deal.checked.some((one) => one.stageId === id && one.item === item));
  const { approval } = deal;
  const isApproved = approval?.status === 'approved' && approval.stageId === id && approval.terms === deal.terms;
  return [
    ...fields.map((field) => ({
      ...{ pointer: `/${field}`, code: 'required_by_stage', message: 'is required in this stage' },
    })),
    ...points.map((item) => ({ pointer: '/checklist', code: 'not_checked', message: item })),
    ...(needsApproval && !isApproved
      ? [{ pointer: '/approval', code: 'approval_required', message: 'of these terms is required in this stage' }]
      : []),
  ];
}
