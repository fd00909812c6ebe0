/** Each within the reach of their own permission to decide: a stage narrows who that is, and never widens it. */
export const APPROVER_KINDS = ['anyone', 'team', 'role', 'users'] as const;
export type ApproverKind = (typeof APPROVER_KINDS)[number];

/** `ids`: of roles or of users. `team`: the subject's, and anyone where it has none. */
export type Approvers = { readonly kind: ApproverKind; readonly ids: readonly string[] };

/** `required`: how many of them must agree before the next stage begins. */
export type Stage = { readonly approvers: Approvers; readonly required: number };

/** In seconds of the team's business time, counted from the beginning of each stage; null: never. */
export type Patience = {
  readonly remindAfterSeconds: number | null;
  readonly escalateAfterSeconds: number | null;
  /** Who may decide as well once it is escalated; null: the leads of the subject's team. */
  readonly escalateToRoleId: string | null;
};

/** What counts for one request for as long as it lives, whatever becomes of the policy. */
export type AppliedPolicy = {
  readonly name: string;
  /** Of the policy; 0 for the default. */
  readonly version: number;
  /** Null where none matched: one other person decides. */
  readonly rule: string | null;
  readonly allowSelfApproval: boolean;
  readonly stages: readonly Stage[];
  /** Absent in what was asked for before policies had it. */
  readonly patience?: Patience | null;
  /** A rule asked for nobody, and its share of samples had somebody look all the same. */
  readonly isSample?: boolean;
};

export const ONE_OTHER_PERSON: Stage = { approvers: { kind: 'anyone', ids: [] }, required: 1 };
