import { ONE_OTHER_PERSON, type ApproverKind, type Stage } from '../policies/stage.js';

/** Whose place became whose; null: the team's. */
export type Replacement = { readonly from: string; readonly to: string | null };

/** Whom a stage waits for: as its policy says, and `users_or_team` where a place has become the team's. */
export type Seats = { readonly approverKind: ApproverKind | 'users_or_team'; readonly approverIds: readonly string[] };

/** Who may decide beside the people of a stage, since those could not, or did not in time. */
export type Relief = {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly scope: 'team' | 'anyone' | null;
};

/** The people of a stage once those who left are replaced, in the order in which they left. */
export function seatsOf(
  { approvers: { kind, ids } }: Stage = ONE_OTHER_PERSON,
  replaced: readonly Replacement[] = [],
): Seats {
  if (kind !== 'users') return { approverKind: kind, approverIds: ids };
  return replaced.reduce<Seats>(replace, { approverKind: kind, approverIds: ids });
}

/** A delegate who has a place there already cannot speak for two: then the place becomes the team's. */
function replace({ approverKind, approverIds }: Seats, { from, to }: Replacement): Seats {
  if (!approverIds.includes(from)) return { approverKind, approverIds };
  const others = approverIds.filter((id) => id !== from);
  if (to === null || others.includes(to)) return { approverKind: 'users_or_team', approverIds: others };
  return { approverKind, approverIds: [...others, to].sort() };
}
