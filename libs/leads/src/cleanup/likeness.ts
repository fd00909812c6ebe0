import type { Keep } from '../settings/lead-settings.entity.js';
import type { Reason } from '../merging/lead-merge.entity.js';

/** A lead as far as it matters who else it is. */
export type Candidate = {
  readonly id: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly mailHash: string | null;
  readonly createdAt: Date;
  /** How much is known of it, and how much hangs on it. */
  readonly richness: number;
};

export type Pair = { readonly survivorId: string; readonly loserId: string; readonly reasons: readonly Reason[] };

const KEYS = [
  ['same_email', 'email'],
  ['same_phone', 'phone'],
  ['same_mail', 'mailHash'],
] as const;

const older = (one: Candidate, other: Candidate): number =>
  one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1);

const ORDER: Readonly<Record<Keep, (one: Candidate, other: Candidate) => number>> = {
  oldest: older,
  richest: (one, other) => other.richness - one.richness || older(one, other),
};

/**
 * Which leads go on in which. Those that share an address, a number or a mail are one person, also by way of a third; of
 * each person one goes on. A pair says what both share, or, of two that only a third connects, what connects the loser.
 */
export function pairsOf(candidates: readonly Candidate[], keep: Keep): Pair[] {
  return personsAmong(candidates).flatMap((person) => {
    const [survivor, ...losers] = [...person].sort(ORDER[keep]);
    if (!survivor) return [];
    return losers.map((loser) => {
      const shared = sharedBy(loser, [survivor]);
      const others = person.filter((one) => one !== loser);
      return { survivorId: survivor.id, loserId: loser.id, reasons: shared.length ? shared : sharedBy(loser, others) };
    });
  });
}

const sharedBy = (lead: Candidate, others: readonly Candidate[]): Reason[] =>
  KEYS.filter(([, key]) => lead[key] !== null && others.some((other) => other[key] === lead[key])).map(
    ([reason]) => reason,
  );

/** Each with all that it is connected to: a union of sets, merged as a key shows that two belong together. */
function personsAmong(candidates: readonly Candidate[]): Candidate[][] {
  const person = new Map<Candidate, Candidate[]>(candidates.map((one) => [one, [one]]));
  const firstWith = new Map<string, Candidate>();
  for (const candidate of candidates) {
    for (const [reason, key] of KEYS) {
      const value = candidate[key];
      if (value === null) continue;
      const first = firstWith.get(`${reason} ${value}`);
      if (first) unite(person, first, candidate);
      else firstWith.set(`${reason} ${value}`, candidate);
    }
  }
  return [...new Set(person.values())];
}

function unite(person: Map<Candidate, Candidate[]>, one: Candidate, other: Candidate): void {
  const [ours, theirs] = [person.get(one) ?? [], person.get(other) ?? []];
  if (ours === theirs) return;
  const [large, small] = ours.length < theirs.length ? [theirs, ours] : [ours, theirs];
  large.push(...small);
  for (const member of small) person.set(member, large);
}
