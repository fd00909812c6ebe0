/** Each within the reach of their own permission to decide: a stage narrows who that is, and never widens it. */
export const APPROVER_KINDS = ['anyone', 'team', 'role', 'users'] as const;
export type ApproverKind = (typeof APPROVER_KINDS)[number];

/** `ids`: of roles or of users. `team`: the subject's, and anyone where it has none. */
export type Approvers = { readonly kind: ApproverKind; readonly ids: readonly string[] };

/** `required`: how many of them must agree before the next stage begins. */
export type Stage = { readonly approvers: Approvers; readonly required: number };

/** What counts for one request for as long as it lives, whatever becomes of the policy. */
export type AppliedPolicy = {
  readonly name: string;
  /** Of the policy; 0 for the default. */
  readonly version: number;
  /** Null where none matched: one other person decides. */
  readonly rule: string | null;
  readonly allowSelfApproval: boolean;
  readonly stages: readonly Stage[];
};

export const ONE_OTHER_PERSON: Stage = { approvers: { kind: 'anyone', ids: [] }, required: 1 };
