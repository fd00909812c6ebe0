/** `round_robin`: whoever has waited longest for one; `least_loaded`: whoever has the fewest that wait for an answer. */
export const STRATEGIES = ['round_robin', 'least_loaded'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const REFUSALS = ['inactive', 'away', 'gave_it_back', 'off_hours', 'lacks_skill', 'full'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** One of a team, as the choice finds them. */
export type Candidate = {
  readonly userId: string;
  /** How many inquiries they have that are new or open. */
  readonly open: number;
  /** How many of these they get at most; null: any number. */
  readonly capacity: number | null;
  readonly skills: readonly string[];
  readonly lastGivenAt: Date | null;
  readonly isActive: boolean;
  readonly isAway: boolean;
};

export type Judged = Pick<Candidate, 'userId' | 'open' | 'capacity'> & {
  readonly lastGivenAt: string | null;
  /** Why not; null: may get it. */
  readonly refusal: Refusal | null;
};

export type Occasion = {
  readonly strategy: Strategy;
  /** A category that whoever gets it must know; null: none is asked for. */
  readonly skill: string | null;
  readonly isOpen: boolean;
  /** To whom it was given before, and who has it no longer. */
  readonly former: string | null;
};

/** Whoever may get it, in the order in which they do, and then the others: the first of the former gets it. The same for the same candidates. */
export function judge(candidates: readonly Candidate[], occasion: Occasion): Judged[] {
  const judged = candidates.map((candidate) => ({ ...candidate, refusal: refusalOf(candidate, occasion) }));
  const order = occasion.strategy === 'least_loaded' ? [byLoad, byWait, byId] : [byWait, byId];
  judged.sort((one, other) => {
    const isRefused = Number(one.refusal !== null) - Number(other.refusal !== null);
    return isRefused || order.map((compare) => compare(one, other)).find((result) => result !== 0) || 0;
  });
  return judged.map(({ userId, open, capacity, lastGivenAt, refusal }) => ({
    ...{ userId, open, capacity, refusal },
    lastGivenAt: lastGivenAt?.toISOString() ?? null,
  }));
}

function refusalOf(candidate: Candidate, { skill, isOpen, former }: Occasion): Refusal | null {
  if (!candidate.isActive) return 'inactive';
  if (candidate.isAway) return 'away';
  if (candidate.userId === former) return 'gave_it_back';
  if (!isOpen) return 'off_hours';
  if (skill !== null && !candidate.skills.includes(skill)) return 'lacks_skill';
  return candidate.capacity !== null && candidate.open >= candidate.capacity ? 'full' : null;
}

const byLoad = (one: Candidate, other: Candidate): number => one.open - other.open;
const byWait = (one: Candidate, other: Candidate): number =>
  (one.lastGivenAt?.getTime() ?? 0) - (other.lastGivenAt?.getTime() ?? 0);
const byId = (one: Candidate, other: Candidate): number => (one.userId < other.userId ? -1 : 1);
