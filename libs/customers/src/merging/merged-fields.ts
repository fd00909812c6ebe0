import { isDeepStrictEqual } from 'node:util';
import type { ContactPoint } from '../contact-points/contact-point.js';
import { MOST_CONTACT_POINTS } from '../contact-points/contact-point.js';
import type { Customer, MergedFields } from '../customer.entity.js';
import { TooManyContactPoints } from '../customer.errors.js';
import { earnedOf, isSamePin, type LevelPin, type Standing, standing } from '../levels/level-pin.js';
import { PERSON_FIELDS } from '../person/person.js';

/** Which of both a merged customer has a field from. */
export const CHOOSABLE = [
  'firstName',
  'lastName',
  'company',
  'email',
  'phone',
  'level',
  'teamId',
  'assignedTo',
  ...PERSON_FIELDS,
] as const;
export type Choosable = (typeof CHOOSABLE)[number];
export type Whose = 'survivor' | 'loser';
type OlderStanding = Pick<Standing, 'level'> & { readonly levelPin?: LevelPin | null };
export type Choice = Readonly<Partial<Record<Choosable, Whose>>>;

const PLAIN = ['firstName', 'lastName', 'company', 'teamId', 'assignedTo', ...PERSON_FIELDS] as const;
const FIELDS = [...PLAIN, 'metadata', 'customFields', 'wonAt', 'referredBy'] as const;
type Points = readonly ContactPoint[];

/** What a merge decides, as plain values: what is kept of it is compared when the merge is taken back. */
export const fieldsOf = (customer: MergedFields): MergedFields => {
  const { firstName, lastName, company, level, levelPin, teamId, assignedTo, metadata, customFields } = customer;
  const { contactPoints, wonAt, referredBy, birthday, timeZone, language, preferredChannel, quietHours } = customer;
  return {
    ...{ firstName, lastName, company, level, levelPin, teamId, assignedTo, metadata, customFields },
    ...{ contactPoints, wonAt, referredBy, birthday, timeZone, language, preferredChannel, quietHours },
  };
};

/** Who looks after the record, and in which team, is decided by nobody's absence. */
const INHERITED: ReadonlySet<string> = new Set(['firstName', 'lastName', 'company', ...PERSON_FIELDS]);

/** The survivor's own unless chosen otherwise, or unless it has none. @throws TooManyContactPoints */
export function mergeFields(survivor: Customer, loser: Customer, choice: Choice): MergedFields {
  const chosen = Object.fromEntries(
    PLAIN.map((name) => {
      const isTheirs =
        choice[name] === 'loser' || (choice[name] === undefined && INHERITED.has(name) && !survivor[name]);
      return [name, isTheirs ? loser[name] : survivor[name]];
    }),
  ) as Pick<MergedFields, (typeof PLAIN)[number]>;
  return {
    ...chosen,
    ...mergeStandings(survivor, loser, choice.level),
    metadata: { ...loser.metadata, ...survivor.metadata },
    customFields: { ...loser.customFields, ...survivor.customFields },
    contactPoints: mergePoints(survivor.contactPoints, loser.contactPoints, choice),
    wonAt: earlier(survivor.wonAt, loser.wonAt),
    referredBy: survivor.referredBy,
  };
}

/** What was promised to either is promised to the one that they are; of two promises the survivor's stands. */
function mergeStandings(survivor: Standing, loser: Standing, whose: Whose | undefined): Standing {
  const own = earnedOf(survivor);
  const isTheirs = whose === 'loser' || (whose === undefined && !own);
  return standing(isTheirs ? earnedOf(loser) : own, survivor.levelPin ?? loser.levelPin);
}

/** Every address once. What was said against one of both records is said of the address. */
function mergePoints(own: Points, theirs: Points, choice: Choice): Points {
  const isSame = (one: ContactPoint, other: ContactPoint): boolean =>
    one.kind === other.kind && one.normalized === other.normalized;
  const kept = own.map((point) => {
    const twin = theirs.find((other) => isSame(point, other));
    return twin
      ? { ...point, optedOut: point.optedOut || twin.optedOut, isVerified: point.isVerified || twin.isVerified }
      : point;
  });
  const all = [...kept, ...theirs.filter((point) => !own.some((other) => isSame(point, other)))];
  if (all.length > MOST_CONTACT_POINTS) throw new TooManyContactPoints(MOST_CONTACT_POINTS);
  return all.map((point) => {
    const hasOwn = own.some(({ kind, isPrimary }) => kind === point.kind && isPrimary);
    const hasTheirs = theirs.some(({ kind, isPrimary }) => kind === point.kind && isPrimary);
    const leading = hasTheirs && (choice[point.kind] === 'loser' || !hasOwn) ? theirs : own;
    return { ...point, isPrimary: leading.some((other) => other.isPrimary && isSame(point, other)) };
  });
}

const earlier = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one < other ? one : other) : (one ?? other);

/**
 * What of a merge is taken back: the fields that are still as it left them. An opt-out stays, whoever said it. What an older
 * merge did not know of, it did not decide.
 */
export function unmergeFields(now: MergedFields, before: MergedFields, after: MergedFields): Partial<MergedFields> {
  const untouched = FIELDS.filter((name) => name in before && isDeepStrictEqual(plain(now[name]), plain(after[name])));
  const plainly = Object.fromEntries(untouched.map((name) => [name, before[name]]));
  return {
    ...plainly,
    ...unmergeStandings(now, before, after),
    contactPoints: unmergePoints(now.contactPoints, before.contactPoints, after.contactPoints),
  };
}

/** What was earned and what was promised go back each by itself. A merge from before there were pins decided none. */
function unmergeStandings(now: Standing, before: OlderStanding, after: OlderStanding): Standing {
  const [{ levelPin: was = now.levelPin }, { levelPin: became = now.levelPin }] = [before, after];
  const [earnedBefore, earnedAfter] = [before, after].map(({ level, levelPin = null }) =>
    earnedOf({ level, levelPin }),
  );
  const earned = earnedOf(now) === earnedAfter ? (earnedBefore ?? null) : earnedOf(now);
  return standing(earned, isSamePin(now.levelPin, became) ? was : now.levelPin);
}

function unmergePoints(now: Points, before: Points, after: Points): Points {
  const idsBefore = new Set(before.map(({ id }) => id));
  const came = new Set(after.filter(({ id }) => !idsBefore.has(id)).map(({ id }) => id));
  const left = now.filter(({ id }) => !came.has(id));
  return left.map((point) => {
    const others = left.filter(({ kind }) => kind === point.kind);
    const primary =
      others.find(({ isPrimary }) => isPrimary) ??
      others.find(({ id }) => before.some((one) => one.id === id && one.isPrimary)) ??
      others[0];
    return { ...point, isPrimary: point === primary };
  });
}

/** As it comes out of jsonb. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null)) as unknown;
