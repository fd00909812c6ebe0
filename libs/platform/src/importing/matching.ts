import type { ImportMatch, ImportPlan, ImportRefusal, ImportValues } from '../ports/index.js';

/** What a row may be about. */
export type Candidates = {
  /** As people call it: `deal`. */
  readonly noun: string;
  /** The keys that no two records share, and what is said of a new one whose key another has. */
  readonly unique: Readonly<Record<string, ImportRefusal>>;
  /** The records that a key of a row names, whoever may see them; undefined where the row does not say it. */
  readonly found: (key: string, row: ImportValues) => readonly string[] | undefined;
  /** Those of them that who imports may change. */
  readonly reached: ReadonlySet<string>;
};

/** For each row the record that it is about: the first key that names one decides. */
export const matchRows = (
  rows: readonly ImportValues[],
  plan: ImportPlan,
  candidates: Candidates,
): readonly ImportMatch[] => rows.map((row) => matchOf(row, plan, candidates));

function matchOf(row: ImportValues, { mode, match }: ImportPlan, candidates: Candidates): ImportMatch {
  const { found, reached, unique } = candidates;
  for (const key of mode === 'create' ? [] : match) {
    const [one, other] = found(key, row) ?? [];
    if (one && other) return { refusal: ambiguous(key, candidates) };
    if (one && reached.has(one)) return { recordId: one };
    // as if there were none; but what is unique is not given twice
    if (one) return { refusal: (mode === 'upsert' && unique[key]) || noMatch([key], candidates) };
  }
  if (mode === 'update') return { refusal: noMatch(match, candidates) };
  const owned = Object.keys(unique).find((key) => found(key, row)?.length);
  return owned === undefined ? {} : { refusal: unique[owned] };
}

const ambiguous = (field: string, { noun }: Candidates): ImportRefusal => ({
  code: 'ambiguous_match',
  detail: `Several ${noun} records have this ${field}`,
  field,
});

const noMatch = (keys: readonly string[], { noun }: Candidates): ImportRefusal => ({
  code: 'no_match',
  detail: `There is no ${noun} with this ${keys.join(' or ')}`,
  field: keys[0],
});
