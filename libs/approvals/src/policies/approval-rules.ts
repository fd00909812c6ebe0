import { type FieldFault, Invalid } from '@app/kernel';
import { type Condition, evaluate, type Facts, type Fields, type Moment, parseCondition } from '@app/platform';
import { type AppliedPolicy, ONE_OTHER_PERSON, type Stage } from './stage.js';

/** The first whose condition holds decides. Without stages no approval is needed. */
export type ApprovalRule = { readonly name: string; readonly when: Condition; readonly stages: readonly Stage[] };

/** As it was sent: its condition is not read yet. */
export type GivenRule = Omit<ApprovalRule, 'when'> & { readonly when: unknown; readonly outcome: 'none' | 'approval' };

type Policy = Pick<AppliedPolicy, 'name' | 'version' | 'allowSelfApproval'> & {
  readonly rules: readonly ApprovalRule[];
};

/** Which rule is for a subject of these facts, and so who has to agree. */
export function applyPolicy(policy: Policy, facts: Facts, fields: Fields, moment: Moment): AppliedPolicy {
  const { name, version, allowSelfApproval, rules } = policy;
  const rule = rules.find(({ when }) => evaluate(when, facts, fields, moment));
  return { name, version, rule: rule?.name ?? null, allowSelfApproval, stages: rule?.stages ?? [ONE_OTHER_PERSON] };
}

/** @throws Invalid with every fault of the stages, or of the first condition that has some */
export function readRules(given: readonly GivenRule[], fields: Fields): ApprovalRule[] {
  const errors = given.flatMap((rule, at) => faultsOf(rule, `/rules/${at}`));
  if (errors.length) throw new Invalid('approval_rules_invalid', 'Nobody could pass these stages', { errors });
  return given.map(({ name, when, stages }, at) => ({
    name,
    when: parseCondition(when, fields, `/rules/${at}/when`),
    stages,
  }));
}

function faultsOf({ outcome, stages }: GivenRule, pointer: string): FieldFault[] {
  if (outcome === 'none' && stages.length) {
    return [{ pointer: `${pointer}/stages`, code: 'must_be_absent', message: 'no approval has no stages' }];
  }
  return stages.flatMap((stage, at) => faultsOfStage(stage, `${pointer}/stages/${at}`));
}

function faultsOfStage({ approvers: { kind, ids }, required }: Stage, pointer: string): FieldFault[] {
  const isNamed = kind === 'role' || kind === 'users';
  if (isNamed !== ids.length > 0) {
    const message = isNamed ? `must name the ${kind === 'role' ? 'roles' : 'users'}` : 'must be empty';
    return [{ pointer: `${pointer}/approvers/ids`, code: 'invalid_approvers', message }];
  }
  if (kind !== 'users' || required <= ids.length) return [];
  return [{ pointer: `${pointer}/required`, code: 'too_many', message: `only ${ids.length} are named` }];
}
