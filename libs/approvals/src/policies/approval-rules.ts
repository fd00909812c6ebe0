import { createHash } from 'node:crypto';
import { type FieldFault, Invalid } from '@app/kernel';
import { type Condition, evaluate, type Facts, type Fields, type Moment, parseCondition } from '@app/platform';
import { type AppliedPolicy, ONE_OTHER_PERSON, type Stage } from './stage.js';

/** The first whose condition holds decides. Without stages no approval is needed, but for a share of samples. */
export type ApprovalRule = {
  readonly name: string;
  readonly when: Condition;
  readonly stages: readonly Stage[];
  /** Of what the rule asks nobody for, how many percent somebody else looks at all the same. */
  readonly samplePercent?: number;
};

/** As it was sent: its condition is not read yet. */
export type GivenRule = Omit<ApprovalRule, 'when'> & { readonly when: unknown; readonly outcome: 'none' | 'approval' };

type Policy = Pick<AppliedPolicy, 'name' | 'version' | 'allowSelfApproval' | 'patience'> & {
  readonly rules: readonly ApprovalRule[];
};

/** `sampleKey`: what has the same one is sampled together, or not at all, however often it is asked for. */
type Situation = Moment & { readonly sampleKey?: string };

/** Which rule is for a subject of these facts, and so who has to agree. */
export function applyPolicy(policy: Policy, facts: Facts, fields: Fields, at: Situation): AppliedPolicy {
  const { name, version, allowSelfApproval, rules, patience } = policy;
  const rule = rules.find(({ when }) => evaluate(when, facts, fields, at));
  const terms = { name, version, rule: rule?.name ?? null, allowSelfApproval, ...(patience && { patience }) };
  if (!rule) return { ...terms, stages: [ONE_OTHER_PERSON] };
  const isSample = !rule.stages.length && isSampled(at.sampleKey ?? '', rule.samplePercent ?? 0);
  return isSample ? { ...terms, stages: [ONE_OTHER_PERSON], isSample } : { ...terms, stages: rule.stages };
}

/** By a hash, so that asking again changes nothing: of many keys, that many percent. */
export function isSampled(key: string, percent: number): boolean {
  const share = createHash('sha256').update(`approvals.sample ${key}`).digest().readUInt32BE() / 2 ** 32;
  return share * 100 < percent;
}

/** @throws Invalid with every fault of the stages, or of the first condition that has some */
export function readRules(given: readonly GivenRule[], fields: Fields): ApprovalRule[] {
  const errors = given.flatMap((rule, at) => faultsOf(rule, `/rules/${at}`));
  if (errors.length) throw new Invalid('approval_rules_invalid', 'Nobody could pass these stages', { errors });
  return given.map(({ name, when, stages, samplePercent }, at) => ({
    name,
    when: parseCondition(when, fields, `/rules/${at}/when`),
    stages,
    ...(samplePercent ? { samplePercent } : {}),
  }));
}

function faultsOf({ outcome, stages, samplePercent }: GivenRule, pointer: string): FieldFault[] {
  if (outcome === 'approval' && samplePercent) {
    return [
      { pointer: `${pointer}/samplePercent`, code: 'must_be_absent', message: 'what is approved has no samples' },
    ];
  }
  if (outcome === 'none' && stages.length) {
    return [{ pointer: `${pointer}/stages`, code: 'must_be_absent', message: 'no approval has no stages' }];
  }
  const faults = stages.flatMap((stage, at) => faultsOfStage(stage, `${pointer}/stages/${at}`));
  return faults.length ? faults : faultsOfNames(stages, `${pointer}/stages`);
}

/** One voice a person: whatever some of the stages need together, the people whom they name must be as many (Hall, 1935). */
function faultsOfNames(stages: readonly Stage[], pointer: string): FieldFault[] {
  const named = stages.filter(({ approvers: { kind } }) => kind === 'users');
  const groups = Array.from({ length: 2 ** named.length }, (_, bits) => named.filter((_, at) => bits & (1 << at)));
  const isShort = groups.some((group) => {
    const people = new Set(group.flatMap(({ approvers: { ids } }) => ids));
    return people.size < group.reduce((sum, { required }) => sum + required, 0);
  });
  const message = 'nobody decides at two stages of one request, and too few are named for all of them';
  return isShort ? [{ pointer, code: 'too_few_people', message }] : [];
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
