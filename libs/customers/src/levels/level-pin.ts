import { CUSTOMER_LEVELS, type CustomerLevel } from '../customer.policy.js';

/** What somebody promised: at least this level, why, and until when (ISO 8601, UTC). */
export type PinTerms = {
  readonly level: CustomerLevel;
  readonly reason: string;
  readonly until: string;
  readonly by: string;
};
/** With the level that the customer has by merit, which counts again once the pin ends. */
export type LevelPin = PinTerms & { readonly earned: CustomerLevel | null };

/** The level that everybody sees, and what holds it up. */
export type Standing = { readonly level: CustomerLevel | null; readonly levelPin: LevelPin | null };

const rankOf = (level: CustomerLevel | null): number => (level ? CUSTOMER_LEVELS.indexOf(level) : -1);

export const higherOf = (one: CustomerLevel | null, other: CustomerLevel | null): CustomerLevel | null =>
  rankOf(one) >= rankOf(other) ? one : other;

/** What the customer has by merit, whatever was promised besides. */
export const earnedOf = ({ level, levelPin }: Standing): CustomerLevel | null => (levelPin ? levelPin.earned : level);

/** A pin is a floor: a lower level waits for its end, a higher one shows. */
export function standing(earned: CustomerLevel | null, pin: PinTerms | null): Standing {
  if (!pin) return { level: earned, levelPin: null };
  const { level, reason, until, by } = pin;
  return { level: higherOf(level, earned), levelPin: { level, earned, reason, until, by } };
}

/** Whether two pins promise the same, whatever the customer has earned meanwhile. */
export const isSamePin = (one: PinTerms | null, other: PinTerms | null): boolean =>
  one && other
    ? one.level === other.level && one.until === other.until && one.reason === other.reason && one.by === other.by
    : one === other;
